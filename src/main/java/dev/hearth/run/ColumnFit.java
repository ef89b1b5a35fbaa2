package dev.hearth.run;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.ColumnStep;
import dev.hearth.spec.LearnedStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Learns the steps of one column as scikit-learn does, each from the values as the steps before it
 * left them.
 */
final class ColumnFit {

    /** What scikit-learn takes for a constant column: ten times the distance from 1 to the next. */
    private static final double LEAST_SPAN = 10 * Math.ulp(1.0);

    private ColumnFit() {}

    /**
     * @param values of the training rows, at least one; they are changed
     */
    static List<LearnedStep> fit(String column, List<ColumnStep> steps, double[] values) {
        var learned = new ArrayList<LearnedStep>();
        for (ColumnStep step : steps) {
            LearnedStep fitted;
            try {
                fitted = fit(step, values);
            } catch (IllegalArgumentException e) {
                throw unfit(column, step, String.valueOf(e.getMessage()));
            }
            learned.add(fitted);
            for (int i = 0; i < values.length; i++) {
                double before = values[i];
                values[i] = fitted.apply(before);
                if (!Double.isFinite(values[i])) {
                    throw unfit(column, step, "it has no value for " + before);
                }
            }
        }
        return learned;
    }

    private static ProblemException unfit(String column, ColumnStep step, String why) {
        return new ProblemException(
                ProblemCode.INVALID_SPECIFICATION,
                ("column '%s' cannot go through %s: %s; put a Clip before it, or leave it out of"
                                + " /preprocessing/columns")
                        .formatted(column, name(step), why));
    }

    /** As it is written. */
    static String name(ColumnStep step) {
        return step.getClass().getSimpleName();
    }

    /**
     * What one step learns.
     *
     * @param values of the training rows, as the steps before it left them
     * @throws IllegalArgumentException where they are so large that it cannot be computed
     */
    static LearnedStep fit(ColumnStep step, double[] values) {
        return switch (step) {
            case ColumnStep.StandardScaler(boolean centers, boolean scales) -> {
                Moments moments = Moments.of(values);
                yield new LearnedStep.Standard(
                        centers ? moments.mean() : 0, scales ? moments.divisor() : 1);
            }
            case ColumnStep.MinMaxScaler(double low, double high) -> {
                double least = Arrays.stream(values).min().orElseThrow();
                double most = Arrays.stream(values).max().orElseThrow();
                double scale = (high - low) / span(most - least);
                yield new LearnedStep.MinMax(scale, low - least * scale);
            }
            case ColumnStep.RobustScaler(
                            boolean centers,
                            boolean scales,
                            double low,
                            double high) -> {
                double[] sorted = values.clone();
                Arrays.sort(sorted);
                yield new LearnedStep.Robust(
                        centers ? median(sorted) : 0,
                        scales ? span(quantile(sorted, high) - quantile(sorted, low)) : 1);
            }
            case ColumnStep.Log1p _ -> new LearnedStep.Log1p();
            case ColumnStep.Clip(double min, double max) -> new LearnedStep.Clip(min, max);
            case ColumnStep.OneHot _, ColumnStep.Ordinal _ ->
                    throw new IllegalStateException(step + " takes categories, not numbers");
        };
    }

    private static double span(double span) {
        return span < LEAST_SPAN ? 1 : span;
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** As {@code numpy.percentile}: on the line between both neighbours, from the nearer one. */
    static double quantile(double[] sorted, double percent) {
        double place = percent / 100 * (sorted.length - 1);
        int below = (int) Math.floor(place);
        if (below >= sorted.length - 1) {
            return sorted[sorted.length - 1];
        }
        double fraction = place - below;
        double difference = sorted[below + 1] - sorted[below];
        return fraction >= 0.5
                ? sorted[below + 1] - difference * (1 - fraction)
                : sorted[below] + difference * fraction;
    }
}
