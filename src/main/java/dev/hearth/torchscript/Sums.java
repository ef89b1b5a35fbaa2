package dev.hearth.torchscript;

import dev.hearth.spec.LossSpec.Reduction;
import java.util.List;

/**
 * Sums over rows, in double precision, so that parts of an epoch can be joined.
 *
 * @param rows how many
 * @param counted how many of them are of no ignored class
 * @param loss the loss of each mini-batch times its counted rows, or as it is where the loss itself
 *     is a sum
 * @param correct rows that are classified rightly; 0 for numbers
 * @param absoluteError in the target's unit, the mean of the targets; 0 for classes
 * @param squaredError in the target's unit squared, the mean of the targets; 0 for classes
 */
public record Sums(
        long rows,
        double counted,
        double loss,
        double correct,
        double absoluteError,
        double squaredError) {

    public static final Sums NONE = new Sums(0, 0, 0, 0, 0, 0);

    public Sums plus(Sums other) {
        return new Sums(
                rows + other.rows,
                counted + other.counted,
                loss + other.loss,
                correct + other.correct,
                absoluteError + other.absoluteError,
                squaredError + other.squaredError);
    }

    /** The mean of the mini-batches' losses by their rows; of sums, the sum by rows. */
    public double meanLoss() {
        return loss / counted;
    }

    /**
     * Reads a program's answer.
     *
     * @param answer {@code [1 + measures, batches]}: the loss of each mini-batch, then each {@link
     *     Measure}
     * @param rows of each mini-batch
     */
    static Sums of(Losses losses, double[] answer, long[] rows) {
        List<Measure> measures = List.copyOf(Measure.of(losses).sequencedKeySet());
        Sums sums = NONE;
        for (int i = 0; i < rows.length; i++) {
            sums = sums.plus(ofBatch(losses, measures, answer, i, rows));
        }
        return sums;
    }

    /**
     * Goes on with another answer, mini-batch by mini-batch, so that the last bits do not depend on
     * how many are answered at once; no further than the first one whose loss is not finite.
     */
    Sums then(Losses losses, double[] answer, long[] rows) {
        List<Measure> measures = List.copyOf(Measure.of(losses).sequencedKeySet());
        Sums sums = this;
        for (int i = 0; i < rows.length && sums.isFinite(); i++) {
            sums = sums.plus(ofBatch(losses, measures, answer, i, rows));
        }
        return sums;
    }

    /** Whether the loss of each mini-batch was a finite number. */
    public boolean isFinite() {
        return Double.isFinite(loss);
    }

    private static Sums ofBatch(
            Losses losses, List<Measure> measures, double[] answer, int batch, long[] rows) {
        long size = rows[batch];
        double loss = answer[batch];
        double counted = size;
        double correct = 0;
        double absolute = 0;
        double squared = Measure.lossIsSquaredError(losses) ? loss * size : 0;
        for (int i = 0; i < measures.size(); i++) {
            double value = answer[(1 + i) * rows.length + batch];
            switch (measures.get(i)) {
                case CORRECT -> correct = value;
                case COUNTED -> counted = value;
                case ABSOLUTE_ERROR -> absolute = value * size;
                case SQUARED_ERROR -> squared = value * size;
            }
        }
        // A mean over no row is none, and PyTorch's gradient of it is 0.
        double sum =
                losses.loss().reduction() == Reduction.SUM
                        ? loss
                        : counted == 0 ? 0 : loss * counted;
        return new Sums(size, counted, sum, correct, absolute, squared);
    }
}
