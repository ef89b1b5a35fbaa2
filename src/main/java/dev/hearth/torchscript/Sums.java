package dev.hearth.torchscript;

import dev.hearth.spec.LossSpec;

/**
 * Sums over rows, in double precision, so that parts of an epoch can be joined.
 *
 * @param rows how many
 * @param loss the mean loss of each mini-batch, times its rows
 * @param correct rows whose predicted class is the target; 0 for a regression
 * @param absoluteError in the target's unit; 0 for classes
 * @param squaredError in the target's unit squared; 0 for classes
 */
public record Sums(
        long rows, double loss, double correct, double absoluteError, double squaredError) {

    public static final Sums NONE = new Sums(0, 0, 0, 0, 0);

    public Sums plus(Sums other) {
        return new Sums(
                rows + other.rows,
                loss + other.loss,
                correct + other.correct,
                absoluteError + other.absoluteError,
                squaredError + other.squaredError);
    }

    /**
     * Reads a program's answer.
     *
     * @param answer {@code [2, batches]}: the mean loss of each mini-batch, then {@link
     *     Losses#metric}
     * @param rows of each mini-batch
     */
    static Sums of(LossSpec loss, double[] answer, long[] rows) {
        Sums sums = NONE;
        for (int i = 0; i < rows.length; i++) {
            sums = sums.plus(ofBatch(loss, answer[i], answer[rows.length + i], rows[i]));
        }
        return sums;
    }

    private static Sums ofBatch(LossSpec loss, double mean, double metric, long rows) {
        return switch (loss) {
            case LossSpec.MSELoss _ -> new Sums(rows, mean * rows, 0, metric * rows, mean * rows);
            case LossSpec.BCELoss _, LossSpec.BCEWithLogitsLoss _, LossSpec.CrossEntropyLoss _ ->
                    new Sums(rows, mean * rows, metric, 0, 0);
        };
    }
}
