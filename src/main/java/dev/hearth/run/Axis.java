package dev.hearth.run;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * One axis of a chart: from a round number to a round number, in steps of 1, 2 or 5 times a power
 * of ten.
 *
 * @param from the first tick
 * @param step between ticks
 * @param steps how many
 */
record Axis(BigDecimal from, BigDecimal step, int steps) {

    private static final int[] ROUND = {1, 2, 5, 10};

    /**
     * An axis that covers the values.
     *
     * @param most steps that there is room for
     * @param smallest step, such as 1 for whole numbers; 0 for any
     */
    static Axis covering(double min, double max, int most, double smallest) {
        double extent = max > min ? max - min : Math.max(Math.abs(max) * 0.1, 1e-6);
        double low = max > min ? min : min - extent / 2;
        double wanted = Math.max(extent / most, smallest);
        int power = (int) Math.floor(Math.log10(wanted));
        while (true) {
            for (int digit : ROUND) {
                BigDecimal step = BigDecimal.valueOf(digit).scaleByPowerOfTen(power);
                Axis axis = from(low, low + extent, step);
                if (step.doubleValue() >= smallest && axis.steps <= most) {
                    return axis;
                }
            }
            power++;
        }
    }

    private static Axis from(double low, double high, BigDecimal step) {
        double size = step.doubleValue();
        // A tick that differs from a value by rounding alone is that value.
        double first = Math.floor(low / size + 1e-9);
        double last = Math.ceil(high / size - 1e-9);
        return new Axis(
                step.multiply(BigDecimal.valueOf(first)),
                step,
                (int) Math.min(Integer.MAX_VALUE, Math.max(1, last - first)));
    }

    /** The values of the ticks. */
    List<BigDecimal> ticks() {
        var ticks = new ArrayList<BigDecimal>();
        for (int i = 0; i <= steps; i++) {
            ticks.add(from.add(step.multiply(BigDecimal.valueOf(i))));
        }
        return ticks;
    }

    /** Where a value lies between the first tick, 0, and the last, 1. */
    double place(double value) {
        return (value - from.doubleValue()) / (step.doubleValue() * steps);
    }

    /** As it is written beside the axis: {@code 0.25}, {@code 1500} or {@code 2.5e+12}. */
    static String label(BigDecimal tick) {
        BigDecimal plain = tick.stripTrailingZeros();
        if (plain.signum() == 0) {
            return "0";
        }
        int exponent = plain.precision() - plain.scale() - 1;
        if (exponent >= -4 && exponent < 6) {
            return plain.toPlainString();
        }
        return "%se%+d".formatted(plain.movePointLeft(exponent).toPlainString(), exponent);
    }
}
