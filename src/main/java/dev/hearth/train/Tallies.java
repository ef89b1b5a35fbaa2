package dev.hearth.train;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How often classes, or labels, occur and are found. A fraction of nothing is 0, as with
 * scikit-learn's {@code zero_division=0}.
 *
 * @param support rows that are of each class
 * @param said rows that are said to be of each class
 * @param both rows that are of the class that they are said to be of
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record Tallies(long[] support, long[] said, long[] both) {

    static Tallies of(long[][] rows) {
        return new Tallies(rows[0], rows[1], rows[2]);
    }

    double precision(int index) {
        return fraction(both[index], said[index]);
    }

    double recall(int index) {
        return fraction(both[index], support[index]);
    }

    double f1(int index) {
        return fraction(2 * both[index], said[index] + support[index]);
    }

    /** All classes' counts together. */
    double microPrecision() {
        return fraction(sum(both), sum(said));
    }

    double microRecall() {
        return fraction(sum(both), sum(support));
    }

    double microF1() {
        return fraction(2 * sum(both), sum(said) + sum(support));
    }

    /**
     * The mean over classes that occur, among the rows or among what is said of them; those that do
     * not are left out, as scikit-learn does.
     */
    double macroOfClasses(IntToDoubleFunction score) {
        return IntStream.range(0, support.length)
                .filter(i -> support[i] > 0 || said[i] > 0)
                .mapToDouble(score)
                .average()
                .orElse(0);
    }

    /** The mean over all labels. */
    double macroOfLabels(IntToDoubleFunction score) {
        return IntStream.range(0, support.length).mapToDouble(score).average().orElse(0);
    }

    private static long sum(long[] counts) {
        return Arrays.stream(counts).sum();
    }

    private static double fraction(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
