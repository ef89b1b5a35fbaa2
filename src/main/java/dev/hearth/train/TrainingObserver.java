package dev.hearth.train;

/**
 * Told about a run at its boundaries. What it throws stops the run; that is how a run is cancelled.
 */
public interface TrainingObserver {

    /**
     * After each slice of about 250 ms, and at least once an epoch.
     *
     * @param epoch the current one, from 1
     * @param steps done in this slice
     * @param rows trained in this slice
     * @param fraction of the whole run that is done, 0 to 1
     */
    void afterSlice(int epoch, int steps, long rows, double fraction);

    void afterEpoch(Epoch epoch);
}
