package dev.hearth.torchscript;

import dev.hearth.spec.Shape;

/**
 * {@code torch.nn.init._calculate_fan_in_and_fan_out}: how many values a weight's output comes
 * from, and its input goes to.
 */
record Fans(long in, long out) {

    /**
     * @param weight with at least two dimensions
     */
    static Fans of(Shape weight) {
        long field = 1;
        for (long extent : weight.dims().subList(2, weight.rank())) {
            field = Math.multiplyExact(field, extent);
        }
        return new Fans(
                Math.multiplyExact(weight.dims().get(1), field),
                Math.multiplyExact(weight.dims().getFirst(), field));
    }

    /** The bound of {@code xavier_uniform_}. */
    double xavierBound(double gain) {
        return Math.sqrt(3.0) * xavierStd(gain);
    }

    /** The standard deviation of {@code xavier_normal_}. */
    double xavierStd(double gain) {
        return gain * Math.sqrt(2.0 / (double) (in + out));
    }

    /** {@code calculate_gain("leaky_relu", slope)}. */
    static double leakyGain(double slope) {
        return Math.sqrt(2.0 / (1 + slope * slope));
    }
}
