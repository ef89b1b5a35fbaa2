package dev.hearth.spec;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * When a run's checkpoints are written, and which are kept. Where neither is said when, a run
 * writes one at the end of an epoch, but no more than costs it next to nothing.
 *
 * @param everyEpochs at the end of each epoch whose number this divides
 * @param everyTime of training, also within an epoch
 * @param keepLast newest ones
 * @param keepBest of those at an epoch's end, by {@code metric}
 * @param metric empty for the validation loss, or the training loss where no rows are held out
 */
public record CheckpointPolicy(
        OptionalInt everyEpochs,
        Optional<Duration> everyTime,
        int keepLast,
        int keepBest,
        Optional<String> metric) {

    public static final CheckpointPolicy DEFAULT =
            new CheckpointPolicy(OptionalInt.empty(), Optional.empty(), 2, 1, Optional.empty());

    public CheckpointPolicy {
        if (keepLast < 1 || keepBest < 0) {
            throw new IllegalArgumentException("keep %d and %d".formatted(keepLast, keepBest));
        }
    }

    /** Whether it is left to the run when. */
    public boolean isPaced() {
        return everyEpochs.isEmpty() && everyTime.isEmpty();
    }
}
