package dev.hearth.run;

import dev.hearth.train.Checkpoint;
import dev.hearth.train.Epoch;
import dev.hearth.train.TrainingObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Brings a run's progress to the database four times a second, its checkpoints when they are due,
 * and what is asked of the run back to the training.
 */
final class RunProgress implements TrainingObserver {

    /** Somebody asked for the run to be cancelled. */
    static final class CancelledException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Somebody asked for the run to be paused; its last checkpoint is of now. */
    static final class PausedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** The process is stopping; another one continues. */
    static final class HandedBackException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final long INTERVAL_NANOS = Duration.ofMillis(250).toNanos();

    private final LeasedProgress progress;
    private final LeasedCheckpoints checkpoints;
    private final CheckpointPace pace;
    private final BooleanSupplier stopping;
    private final LongSupplier nanoTime;
    private final List<EpochRow> ended = new ArrayList<>();
    private Map<String, Double> last = Map.of();
    private double fraction;
    private long lastWrite;
    private Asked asked = Asked.NOTHING;

    RunProgress(
            LeasedProgress progress,
            LeasedCheckpoints checkpoints,
            CheckpointPace pace,
            BooleanSupplier stopping,
            LongSupplier nanoTime) {
        this.progress = progress;
        this.checkpoints = checkpoints;
        this.pace = pace;
        this.stopping = stopping;
        this.nanoTime = nanoTime;
        this.lastWrite = nanoTime.getAsLong();
    }

    /** Goes on after an epoch that another worker has ended. */
    void goOnAfter(RunCheckpoint checkpoint) {
        last = checkpoint.metrics();
        progress.at(checkpoint.epoch(), last);
    }

    @Override
    public void afterSlice(Slice slice, Supplier<Checkpoint> checkpoint) {
        progress.trained(slice);
        fraction = slice.fraction();
        if (nanoTime.getAsLong() - lastWrite >= INTERVAL_NANOS) {
            write();
        }
        if (stopping.getAsBoolean()) {
            write(checkpoint, RunCheckpoint.Reason.STOPPING);
            throw new HandedBackException();
        }
        doAsAsked(checkpoint);
        if (pace.isDueWithinEpoch()) {
            write(checkpoint, RunCheckpoint.Reason.POLICY);
        }
    }

    @Override
    public void afterEpoch(Epoch epoch, Supplier<Checkpoint> checkpoint) {
        last = epoch.metrics();
        ended.add(new EpochRow(epoch.number(), last, epoch.nanos() / 1e9));
        progress.epoch(epoch);
        if (pace.isDueAfter(epoch.number())) {
            write(checkpoint, RunCheckpoint.Reason.POLICY);
        }
        doAsAsked(checkpoint);
    }

    @Override
    public void afterTraining(Supplier<Checkpoint> checkpoint) {
        fraction = 1;
        write(checkpoint, RunCheckpoint.Reason.END);
        write();
        if (asked == Asked.CANCEL) {
            throw new CancelledException();
        }
    }

    /** Of the last epoch, by names such as {@code validation_loss}. */
    Map<String, Double> lastMetrics() {
        return last;
    }

    private void write(Supplier<Checkpoint> checkpoint, RunCheckpoint.Reason reason) {
        pace.taking(() -> {
            if (checkpoints.write(checkpoint.get(), reason, last, this::tell)) {
                told();
            }
        });
    }

    private void write() {
        tell();
        told();
    }

    private void tell() {
        asked = progress.write(fraction, ended);
    }

    /** Not before it is committed: what is not told is told again. */
    private void told() {
        ended.clear();
        lastWrite = nanoTime.getAsLong();
    }

    private void doAsAsked(Supplier<Checkpoint> checkpoint) {
        switch (asked) {
            case NOTHING -> {}
            case CANCEL -> throw new CancelledException();
            case PAUSE -> {
                write(checkpoint, RunCheckpoint.Reason.PAUSE);
                throw new PausedException();
            }
        }
    }
}
