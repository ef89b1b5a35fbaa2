package dev.hearth.spec;

import java.util.Optional;

/**
 * How good a trained model is over the rows that it was not trained on.
 *
 * @param validation over those that were measured after each epoch; empty where there were none
 * @param test over those that were measured only once, when the model was finished; empty where
 *     there were none
 */
public record Evaluations(Optional<Evaluation> validation, Optional<Evaluation> test) {

    /** Of a model of which nothing is known. */
    public static final Evaluations NONE = new Evaluations(Optional.empty(), Optional.empty());
}
