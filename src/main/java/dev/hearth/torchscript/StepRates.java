package dev.hearth.torchscript;

import java.util.List;

/**
 * The learning rates of some steps of the optimiser, and the momenta where a schedule cycles them.
 */
public final class StepRates {

    private final int steps;
    private final double[] values;

    /**
     * @param steps how many; the last one's rates hold for all steps after it
     * @param values {@code [steps, groups, 1 or 2]}, row-major: the learning rate, then the
     *     momentum
     */
    public StepRates(int steps, double[] values) {
        this.steps = steps;
        this.values = values.clone();
    }

    /** Numbers for each group. */
    public static int columns(boolean cyclesMomentum) {
        return cyclesMomentum ? 2 : 1;
    }

    /** Those of one step after the other. */
    public static StepRates joined(List<StepRates> parts) {
        int each = parts.getFirst().values.length;
        var values = new double[Math.multiplyExact(parts.size(), each)];
        for (int i = 0; i < parts.size(); i++) {
            System.arraycopy(parts.get(i).values, 0, values, i * each, each);
        }
        return new StepRates(parts.size(), values);
    }

    public int steps() {
        return steps;
    }

    public double[] values() {
        return values.clone();
    }
}
