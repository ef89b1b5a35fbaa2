package dev.hearth.torchscript;

import dev.hearth.spec.LossSpec;

/**
 * What a program adds up over rows, in double precision, so that parts of an epoch can be joined.
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

    /** Reads a program's answer: rows, loss, then {@link Losses#sums}. */
    static Sums of(LossSpec loss, double[] values) {
        long rows = (long) values[0];
        return loss.task().hasClasses()
                ? new Sums(rows, values[1], values[2], 0, 0)
                : new Sums(rows, values[1], 0, values[2], values[3]);
    }
}
