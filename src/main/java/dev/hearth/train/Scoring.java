package dev.hearth.train;

import dev.hearth.spec.LossSpec;
import dev.hearth.spec.Metric;
import dev.hearth.spec.Metric.Plain;
import dev.hearth.spec.Objective;
import dev.hearth.torchscript.Measurements;
import dev.hearth.torchscript.Need;
import dev.hearth.torchscript.Sums;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.IntToDoubleFunction;

/**
 * Makes metrics of what a program measured.
 *
 * @param objective with the metrics to be told; of training rows only those that cost nothing
 */
public record Scoring(Objective objective) {

    private LossSpec.Task task() {
        return objective.task();
    }

    /** What an evaluation has to find out for the metrics that were asked for. */
    Set<Need> needs() {
        return needs(objective.measured());
    }

    static Set<Need> needs(List<Metric> metrics) {
        Set<Need> needs = EnumSet.noneOf(Need.class);
        for (Metric metric : metrics) {
            switch (metric) {
                case Metric.TopAccuracy _ -> needs.add(Need.RANKS);
                case Plain plain -> {
                    switch (plain) {
                        case ACCURACY, MAE, RMSE, R2 -> {}
                        case PRECISION,
                                RECALL,
                                F1,
                                PRECISION_MACRO,
                                RECALL_MACRO,
                                F1_MACRO,
                                PRECISION_MICRO,
                                RECALL_MICRO,
                                F1_MICRO ->
                                needs.add(Need.TALLIES);
                        case ROC_AUC -> needs.add(Need.SCORES);
                    }
                }
            }
        }
        return needs;
    }

    /**
     * Of the rows as they were trained.
     *
     * @param targetVariation Σ(y − ȳ)² over the same rows, the mean of the targets
     */
    Scores of(Sums sums, double targetVariation) {
        return of(measurements(sums), targetVariation, objective.measured());
    }

    Scores of(Measurements measurements, double targetVariation) {
        return of(measurements, targetVariation, objective.measured());
    }

    /** Metrics that cannot be told of these rows are left out. */
    Scores of(Measurements measurements, double targetVariation, List<Metric> metrics) {
        var values = new LinkedHashMap<String, Double>();
        if (measurements.sums().counted() > 0) {
            values.put("loss", measurements.sums().meanLoss());
            values.putAll(metrics(measurements, targetVariation, metrics));
        }
        return new Scores(values);
    }

    /** The same without the loss, by name, in the order in which they are shown. */
    Map<String, Double> metrics(
            Measurements measurements, double targetVariation, List<Metric> metrics) {
        var values = new LinkedHashMap<String, Double>();
        if (measurements.sums().counted() > 0) {
            for (Metric metric : metrics) {
                OptionalDouble value =
                        switch (metric) {
                            case Metric.TopAccuracy(int k) -> top(k, measurements);
                            case Plain plain -> plain(plain, measurements, targetVariation);
                        };
                value.ifPresent(known -> values.put(metric.wireName(), known));
            }
        }
        return values;
    }

    private static Measurements measurements(Sums sums) {
        return new Measurements(
                sums,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private OptionalDouble plain(Plain metric, Measurements measured, double targetVariation) {
        Sums sums = measured.sums();
        Optional<Tallies> tallies = measured.tallies().map(Tallies::of);
        return switch (metric) {
            case ACCURACY -> OptionalDouble.of(sums.correct() / sums.counted());
            case MAE -> OptionalDouble.of(sums.absoluteError() / sums.rows());
            case RMSE -> OptionalDouble.of(Math.sqrt(sums.squaredError() / sums.rows()));
            case R2 ->
                    targetVariation > 0
                            ? OptionalDouble.of(1 - sums.squaredError() / targetVariation)
                            : OptionalDouble.empty();
            case ROC_AUC ->
                    measured.scored()
                            .map(scored ->
                                    RocAuc.mean(RocAuc.each(scored, objective.loss().ignored())))
                            .orElse(OptionalDouble.empty());
            case PRECISION -> optional(tallies.map(counts -> counts.precision(1)));
            case RECALL -> optional(tallies.map(counts -> counts.recall(1)));
            case F1 -> optional(tallies.map(counts -> counts.f1(1)));
            case PRECISION_MACRO ->
                    optional(tallies.map(counts -> macro(counts, counts::precision)));
            case RECALL_MACRO -> optional(tallies.map(counts -> macro(counts, counts::recall)));
            case F1_MACRO -> optional(tallies.map(counts -> macro(counts, counts::f1)));
            case PRECISION_MICRO -> optional(tallies.map(Tallies::microPrecision));
            case RECALL_MICRO -> optional(tallies.map(Tallies::microRecall));
            case F1_MICRO -> optional(tallies.map(Tallies::microF1));
        };
    }

    private double macro(Tallies counts, IntToDoubleFunction score) {
        return task() == LossSpec.Task.MULTI_LABEL
                ? counts.macroOfLabels(score)
                : counts.macroOfClasses(score);
    }

    private static OptionalDouble top(int k, Measurements measured) {
        if (measured.ranks().isEmpty()) {
            return OptionalDouble.empty();
        }
        long[] ranks = measured.ranks().get();
        long within = 0;
        long all = 0;
        for (int rank = 0; rank < ranks.length; rank++) {
            all += ranks[rank];
            within += rank < k ? ranks[rank] : 0;
        }
        return all == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) within / all);
    }

    private static OptionalDouble optional(Optional<Double> value) {
        return value.map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }
}
