package dev.hearth.spec;

import java.util.List;
import java.util.Optional;

/**
 * What a model is to learn, and what is measured of it.
 *
 * @param targets the columns to predict; empty only in a check without a data set
 * @param sampleWeight the column that says how much each row counts in the loss
 * @param metrics beside the loss; empty for the usual ones
 */
public record Objective(
        List<String> targets, LossSpec loss, Optional<String> sampleWeight, List<Metric> metrics) {

    /** More columns than this are an image or a sequence, not targets with names. */
    static final int MAX_TARGETS = 1000;

    public Objective {
        targets = List.copyOf(targets);
        metrics = List.copyOf(metrics);
    }

    /** How the model's output is read. */
    public LossSpec.Task task() {
        return loss.task(targets.size());
    }

    /** What is measured, in the order in which it is shown. */
    public List<Metric> measured() {
        return metrics.isEmpty() ? Metric.usual(task()) : metrics;
    }

    /** The same with a loss whose weights are known. */
    public Objective withLoss(LossSpec resolved) {
        return new Objective(targets, resolved, sampleWeight, metrics);
    }
}
