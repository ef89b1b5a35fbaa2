package dev.hearth.run;

import dev.hearth.train.Epoch;
import dev.hearth.train.TrainingObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Brings a run's progress to the database four times a second, and what is asked of the run back to
 * the training.
 */
final class RunProgress implements TrainingObserver {

    /** Somebody asked for the run to be cancelled. */
    static final class CancelledException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** The process is stopping; another one continues. */
    static final class HandedBackException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final long INTERVAL_NANOS = Duration.ofMillis(250).toNanos();

    private final Lease lease;
    private final LeasedRun runs;
    private final RunMeters meters;
    private final BooleanSupplier stopping;
    private final LongSupplier nanoTime;
    private final List<EpochRow> ended = new ArrayList<>();
    private Map<String, Double> last = Map.of();
    private long lastWrite;

    RunProgress(
            Lease lease,
            LeasedRun runs,
            RunMeters meters,
            BooleanSupplier stopping,
            LongSupplier nanoTime) {
        this.lease = lease;
        this.runs = runs;
        this.meters = meters;
        this.stopping = stopping;
        this.nanoTime = nanoTime;
        this.lastWrite = nanoTime.getAsLong();
    }

    @Override
    public void afterSlice(int epoch, int steps, long rows, double fraction) {
        meters.trained(steps, rows);
        if (nanoTime.getAsLong() - lastWrite >= INTERVAL_NANOS) {
            write(fraction);
        }
        if (stopping.getAsBoolean()) {
            throw new HandedBackException();
        }
    }

    @Override
    public void afterEpoch(Epoch epoch) {
        last = epoch.metrics();
        ended.add(new EpochRow(epoch.number(), last, epoch.nanos() / 1e9));
        meters.epoch(Duration.ofNanos(epoch.nanos()));
    }

    /** Writes what is not written yet; to be called when the training has ended. */
    void end() {
        write(1);
    }

    /** Of the last epoch, by names such as {@code validation_loss}. */
    Map<String, Double> lastMetrics() {
        return last;
    }

    private void write(double fraction) {
        boolean cancel = runs.progress(lease, fraction, ended);
        ended.clear();
        lastWrite = nanoTime.getAsLong();
        if (cancel) {
            throw new CancelledException();
        }
    }
}
