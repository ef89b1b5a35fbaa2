package dev.hearth.run;

import java.util.function.IntToDoubleFunction;

/**
 * Mean and spread of a population, summed without loss.
 *
 * @param squares Σ(x − mean)²; not finite where squares overflow
 */
record Moments(double mean, double squares, int count) {

    /**
     * @param at the value at an index, from 0 to {@code count − 1}
     */
    static Moments of(int count, IntToDoubleFunction at) {
        var sum = new NeumaierSum();
        for (int i = 0; i < count; i++) {
            sum.add(at.applyAsDouble(i));
        }
        double mean = sum.value() / count;
        var squares = new NeumaierSum();
        for (int i = 0; i < count; i++) {
            double deviation = at.applyAsDouble(i) - mean;
            squares.add(deviation * deviation);
        }
        return new Moments(mean, squares.value(), count);
    }

    static Moments of(double[] values) {
        return of(values.length, i -> values[i]);
    }

    /** The standard deviation. */
    double std() {
        return Math.sqrt(squares / count);
    }

    /** The standard deviation, and 1 for a constant column. */
    double divisor() {
        double std = std();
        return std > 0 ? std : std == 0 ? 1 : Double.NaN;
    }
}
