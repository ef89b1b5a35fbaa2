package dev.hearth.dataset;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Which rows train and which validate; both ascending, together all rows.
 *
 * <p>Both ways of splitting follow the permutation {@code torch.randperm(rows)} of the seed, so
 * that a PyTorch script can make the same split.
 */
public final class RowSplit {

    private static final String POINTER = "/split/validation";

    private final long[] training;
    private final long[] validation;

    private RowSplit(long[] training, long[] validation) {
        this.training = training;
        this.validation = validation;
    }

    /** The rows to train on, ascending. */
    public long[] training() {
        return training.clone();
    }

    /** The rows to validate with, ascending. */
    public long[] validation() {
        return validation.clone();
    }

    /**
     * Holds out the first {@code fraction · rows} rows of the permutation, rounded half up.
     *
     * @param rows how many rows there are, below 2³²/20
     * @param fraction at least 0 and below 1; 0 holds out nothing
     * @throws ProblemException where nothing would be left to train on, or to validate with
     */
    public static RowSplit random(long rows, double fraction, long seed) {
        var held = held(rows, fraction);
        var order = TorchPermutation.of(Math.toIntExact(rows), seed);
        var isHeld = new boolean[order.length];
        for (var i = 0; i < held; i++) {
            isHeld[order[i]] = true;
        }
        return of(isHeld, (int) held);
    }

    /**
     * Holds out as many rows as {@link #random}, of each class in proportion to its size: the whole
     * part of {@code fraction · size} each, and one more for the classes with the largest
     * remainders (the lower class first where they are equal). Every class keeps a row to train on.
     * A class's rows are held out in the order of the permutation.
     *
     * @param classOfRow each row's class, from 0
     * @throws ProblemException as {@link #random}, or where there are too many classes for it
     */
    public static RowSplit stratified(int[] classOfRow, double fraction, long seed) {
        var held = held(classOfRow.length, fraction);
        var wanted = perClass(classOfRow, fraction, held);
        var isHeld = new boolean[classOfRow.length];
        for (var row : TorchPermutation.of(classOfRow.length, seed)) {
            if (wanted[classOfRow[row]] > 0) {
                wanted[classOfRow[row]]--;
                isHeld[row] = true;
            }
        }
        return of(isHeld, (int) held);
    }

    private static long held(long rows, double fraction) {
        if (!(fraction >= 0 && fraction < 1)) {
            throw refused("expected a fraction of at least 0 and below 1, got " + fraction);
        }
        if (rows < 1) {
            throw refused("there are no rows to split");
        }
        var held = (long) Math.floor(fraction * rows + 0.5);
        if (held >= rows) {
            throw refused(
                    fraction
                            + " of "
                            + rows
                            + " rows leaves none to train on; lower it, or add rows");
        }
        if (fraction > 0 && held == 0) {
            throw refused(
                    fraction
                            + " of "
                            + rows
                            + " rows is not one row to validate with; raise it, set it to 0, or add"
                            + " rows");
        }
        return held;
    }

    private static long[] perClass(int[] classOfRow, double fraction, long held) {
        var sizes = new long[Arrays.stream(classOfRow).max().orElse(0) + 1];
        for (var each : classOfRow) {
            sizes[each]++;
        }
        var wanted = new long[sizes.length];
        var left = held;
        for (var i = 0; i < sizes.length; i++) {
            wanted[i] = Math.min((long) Math.floor(fraction * sizes[i]), Math.max(0, sizes[i] - 1));
            left -= wanted[i];
        }
        var byRemainder =
                IntStream.range(0, sizes.length)
                        .boxed()
                        .sorted(
                                Comparator.comparingDouble((Integer i) ->
                                        Math.floor(fraction * sizes[i]) - fraction * sizes[i]))
                        .toList();
        // More than one round only where small classes could not give their share.
        while (left > 0) {
            var before = left;
            for (var i : byRemainder) {
                if (left > 0 && wanted[i] + 1 < sizes[i]) {
                    wanted[i]++;
                    left--;
                }
            }
            if (left == before) {
                throw refused(
                        "holding out "
                                + held
                                + " of "
                                + classOfRow.length
                                + " rows leaves some of the target's classes without a row to train"
                                + " on; lower it, or set /split/stratify to false");
            }
        }
        return wanted;
    }

    private static RowSplit of(boolean[] isHeld, int held) {
        var training = new long[isHeld.length - held];
        var validation = new long[held];
        var trained = 0;
        var validated = 0;
        for (var row = 0; row < isHeld.length; row++) {
            if (isHeld[row]) {
                validation[validated++] = row;
            } else {
                training[trained++] = row;
            }
        }
        return new RowSplit(training, validation);
    }

    private static ProblemException refused(String message) {
        return ProblemException.at(ProblemCode.INVALID_SPECIFICATION, POINTER, message);
    }
}
