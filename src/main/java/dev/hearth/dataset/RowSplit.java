package dev.hearth.dataset;

import dev.hearth.problem.ProblemException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which rows train, validate and test; each ascending, together all rows.
 *
 * <p>What is drawn follows the permutation {@code torch.randperm(rows)} of the seed, so that a
 * PyTorch script can make the same split. Data sets have fewer than 2³²/20 rows.
 */
public final class RowSplit {

    private final Part[] parts;

    private RowSplit(Part[] parts) {
        this.parts = parts;
    }

    /** The rows to train on, ascending. */
    public long[] training() {
        return rows(Part.TRAINING);
    }

    /** The rows to validate with, ascending. */
    public long[] validation() {
        return rows(Part.VALIDATION);
    }

    /** The rows to test with, ascending. */
    public long[] test() {
        return rows(Part.TEST);
    }

    /** The rows of a part, ascending. */
    public long[] rows(Part part) {
        return IntStream.range(0, parts.length)
                .filter(row -> parts[row] == part)
                .asLongStream()
                .toArray();
    }

    /** How many rows there are in all parts. */
    public long rows() {
        return parts.length;
    }

    /** How many rows a part has. */
    public long count(Part part) {
        return Arrays.stream(parts).filter(each -> each == part).count();
    }

    /** What a row is for. */
    public Part partOf(long row) {
        return parts[Math.toIntExact(row)];
    }

    /**
     * As the caller knows it.
     *
     * @param partOfRow at least one of which trains
     */
    public static RowSplit of(Part[] partOfRow) {
        return new RowSplit(partOfRow.clone());
    }

    /**
     * Holds out the first rows of the permutation: those to test with, then those to validate with,
     * so that the test part does not depend on the other.
     *
     * @throws ProblemException where nothing would be left to train on, or a part would be empty
     */
    public static RowSplit random(long rows, Held held, long seed) {
        var counts = held.of(rows);
        var order = TorchPermutation.of(Math.toIntExact(rows), seed);
        var parts = allTraining(order.length);
        for (var i = 0; i < counts.test() + counts.validation(); i++) {
            parts[order[i]] = i < counts.test() ? Part.TEST : Part.VALIDATION;
        }
        return new RowSplit(parts);
    }

    /**
     * Holds out as many rows as {@link #random}, of each class in proportion to its size; see
     * {@link ClassShares}. Every class keeps a row to train on. A class's rows are held out in the
     * order of the permutation.
     *
     * @param classOfRow each row's class, from 0
     * @throws ProblemException as {@link #random}, or where there are too many classes for it
     */
    public static RowSplit stratified(int[] classOfRow, Held held, long seed) {
        var counts = held.of(classOfRow.length);
        var shares = new ClassShares(classOfRow);
        var tested = shares.take(held.test(), counts.test(), Held.TEST);
        var validated = shares.take(held.validation(), counts.validation(), Held.VALIDATION);
        var parts = allTraining(classOfRow.length);
        for (var row : TorchPermutation.of(classOfRow.length, seed)) {
            var each = classOfRow[row];
            if (tested[each] > 0) {
                tested[each]--;
                parts[row] = Part.TEST;
            } else if (validated[each] > 0) {
                validated[each]--;
                parts[row] = Part.VALIDATION;
            }
        }
        return new RowSplit(parts);
    }

    static Part[] allTraining(int rows) {
        var parts = new Part[rows];
        Arrays.fill(parts, Part.TRAINING);
        return parts;
    }
}
