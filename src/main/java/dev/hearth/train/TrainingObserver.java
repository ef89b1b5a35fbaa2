package dev.hearth.train;

import java.util.function.Supplier;

/**
 * Told about a run at its boundaries. What it throws stops the run; that is how a run is cancelled.
 */
public interface TrainingObserver {

    /**
     * What was done since the last call, and how far the run is.
     *
     * @param epoch the current one, from 1
     * @param steps mini-batches
     * @param fraction of the whole run that is done, 0 to 1
     * @param nanos that the steps took
     */
    record Slice(int epoch, int steps, long rows, double fraction, long nanos) {}

    /**
     * After each slice of about 250 ms, and at least once an epoch.
     *
     * @param checkpoint makes a copy of the run as it is, if asked before the call returns
     */
    void afterSlice(Slice slice, Supplier<Checkpoint> checkpoint);

    /**
     * @param checkpoint as above: of the beginning of the next epoch
     */
    void afterEpoch(Epoch epoch, Supplier<Checkpoint> checkpoint);

    /**
     * When no epoch is left, and before the run goes back to its best epoch.
     *
     * @param checkpoint as above: from here, a run can be continued for more epochs
     */
    void afterTraining(Supplier<Checkpoint> checkpoint);
}
