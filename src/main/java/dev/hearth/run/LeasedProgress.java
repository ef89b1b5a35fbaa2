package dev.hearth.run;

import dev.hearth.train.Epoch;
import dev.hearth.train.TrainingObserver;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Where a worker tells of a run's progress. */
record LeasedProgress(Lease lease, LeasedRun runs, RunMeters meters, RunGauges gauges) {

    void trained(TrainingObserver.Slice slice) {
        meters.trained(slice);
        gauges.trained(slice);
    }

    /** The last epoch that has ended, here or where the run was before. */
    void at(int epoch, Map<String, Double> metrics) {
        gauges.at(epoch, metrics);
    }

    void epoch(Epoch epoch) {
        meters.epoch(Duration.ofNanos(epoch.nanos()));
        at(epoch.number(), epoch.metrics());
    }

    /**
     * @return what somebody asks of the run
     */
    Asked write(double fraction, List<EpochRow> ended) {
        return runs.progress(lease, fraction, ended);
    }
}
