package dev.hearth.serving;

import dev.hearth.model.Target;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a shadow's answer to a request differs from the real one.
 *
 * @param same whether all rows have the same labels; of numbers, whether all are as near as is
 *     allowed. With a tolerance, numbers beside labels have to be so, too.
 * @param largestDifference of two outputs: probabilities, or values in their unit
 */
record ShadowComparison(boolean same, double largestDifference) {

    /**
     * @param real {@code [rows, outputs]}, row-major, and {@code shadow} as well
     */
    static ShadowComparison of(
            Target target, float[] real, float[] shadow, int rows, Optional<Double> tolerance) {
        var closeness = new Closeness(tolerance);
        boolean close = true;
        double largest = 0;
        for (int i = 0; i < real.length; i++) {
            close &= closeness.holds(real[i], shadow[i]);
            largest = Math.max(largest, Math.abs((double) real[i] - shadow[i]));
        }
        List<Prediction> ours = Predictions.of(target, real, rows);
        List<Prediction> theirs = Predictions.of(target, shadow, rows);
        boolean hasLabels = ours.getFirst().label() != null || ours.getFirst().labels() != null;
        boolean sameLabels = true;
        for (int i = 0; i < rows; i++) {
            sameLabels &=
                    Objects.equals(ours.get(i).label(), theirs.get(i).label())
                            && Objects.equals(ours.get(i).labels(), theirs.get(i).labels());
        }
        return new ShadowComparison(
                sameLabels && (close || (hasLabels && tolerance.isEmpty())), largest);
    }
}
