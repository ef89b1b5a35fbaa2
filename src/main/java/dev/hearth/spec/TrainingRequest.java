package dev.hearth.spec;

import java.util.Optional;

/**
 * What a caller asks to have trained or checked.
 *
 * @param name of the model whose next version the run makes
 * @param dataset the data set's identifier, not yet looked at
 * @param inputShape of one sample; only in a check without a data set
 * @param priority of the run in the queue: higher ones go first
 * @param device {@code auto}, {@code cpu}, {@code cuda} or such as {@code cuda:1}
 */
public record TrainingRequest(
        Optional<String> name,
        Optional<String> dataset,
        Optional<Shape> inputShape,
        int priority,
        String device,
        CheckpointPolicy checkpoints,
        TrainingSpec spec) {

    public static final int LOWEST_PRIORITY = -100;
    public static final int HIGHEST_PRIORITY = 100;

    /** What the request is for, which decides what must be in it. */
    public enum Purpose {
        /** Needs a name, a data set and a target. */
        RUN,
        /** Needs no data set, and a target only with one. */
        CHECK
    }
}
