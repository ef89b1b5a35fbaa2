package dev.hearth.dataset;

import java.util.OptionalDouble;

/** Minimum, maximum, mean and deviation of numbers that come one at a time (Welford). */
final class NumberSummary {

    private long count;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double mean;
    private double squares;

    void add(double value) {
        count++;
        min = Math.min(min, value);
        max = Math.max(max, value);
        var before = value - mean;
        mean += before / count;
        squares += before * (value - mean);
    }

    long count() {
        return count;
    }

    double min() {
        return min;
    }

    double max() {
        return max;
    }

    /** Empty where there is no number, or where numbers are too large for it. */
    OptionalDouble mean() {
        return finite(count == 0 ? Double.NaN : mean);
    }

    /** The sample's deviation (n − 1), as {@code torch.std} gives it. */
    OptionalDouble std() {
        return finite(count < 2 ? Double.NaN : Math.sqrt(squares / (count - 1)));
    }

    private static OptionalDouble finite(double value) {
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }
}
