package dev.hearth.run;

import java.time.Duration;
import java.util.List;

/** Where a worker tells of a run's progress. */
record LeasedProgress(Lease lease, LeasedRun runs, RunMeters meters) {

    void trained(int steps, long rows) {
        meters.trained(steps, rows);
    }

    void epoch(Duration time) {
        meters.epoch(time);
    }

    /**
     * @return what somebody asks of the run
     */
    Asked write(double fraction, List<EpochRow> ended) {
        return runs.progress(lease, fraction, ended);
    }
}
