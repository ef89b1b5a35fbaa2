package dev.hearth.spec;

import dev.hearth.missing.MissingPolicy;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Everything about a training run but the data set: what to train and how.
 *
 * @param features the columns to predict from, in order; empty for every usable column but the
 *     targets and the weights
 */
public record TrainingSpec(
        LayerSpec.Container model,
        Objective objective,
        List<String> features,
        Preprocessing preprocessing,
        Transforms transforms,
        OptimizationSpec optimization,
        Schedule schedule,
        SplitSpec split) {

    public TrainingSpec {
        features = List.copyOf(features);
    }

    public OptimizerSpec optimizer() {
        return optimization.optimizer();
    }

    /** Where a feature is named: among the model's inputs if they are columns. */
    public String featurePointer(int feature) {
        String column = features.get(feature);
        if (model instanceof LayerSpec.Module module) {
            for (Graph.Input input : module.graph().inputs()) {
                if (input.source() instanceof Graph.Columns(List<String> names)
                        && names.contains(column)) {
                    return Pointers.element(
                            Pointers.field(Pointers.MODEL + "/inputs", input.name()),
                            names.indexOf(column));
                }
            }
        }
        return Pointers.element("/features", feature);
    }

    /** The same with a loss whose weights are known. */
    public TrainingSpec withLoss(LossSpec resolved) {
        return new TrainingSpec(
                model,
                objective.withLoss(resolved),
                features,
                preprocessing,
                transforms,
                optimization,
                schedule,
                split);
    }

    /** The same with policies for the missing values of columns, instead of its own. */
    public TrainingSpec withMissing(Map<String, MissingPolicy> policies) {
        return new TrainingSpec(
                model,
                objective,
                features,
                new Preprocessing(
                        preprocessing.standardize(),
                        preprocessing.oneHot(),
                        preprocessing.columns(),
                        policies),
                transforms,
                optimization,
                schedule,
                split);
    }

    public LossSpec loss() {
        return objective.loss();
    }

    /**
     * How raw columns become the model's input.
     *
     * @param columns the steps of those columns for which they are written, whatever the others do
     * @param missing what stands for the missing values of those columns, whatever the data set
     *     says
     */
    public record Preprocessing(
            boolean standardize,
            boolean oneHot,
            Map<String, List<ColumnStep>> columns,
            Map<String, MissingPolicy> missing) {

        public static final Preprocessing DEFAULT =
                new Preprocessing(true, true, Map.of(), Map.of());

        public Preprocessing {
            columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
            missing = Collections.unmodifiableMap(new LinkedHashMap<>(missing));
        }

        /** The steps that are written for a column. */
        public Optional<List<ColumnStep>> steps(String column) {
            return Optional.ofNullable(columns.get(column));
        }
    }

    /**
     * How long, in what portions and from which seed.
     *
     * @param batchSize rows of a mini-batch; empty for all rows at once
     * @param stopping what ends the run before its last epoch
     */
    public record Schedule(
            int epochs,
            OptionalInt batchSize,
            boolean shuffle,
            boolean dropLast,
            long seed,
            Stopping stopping) {}
}
