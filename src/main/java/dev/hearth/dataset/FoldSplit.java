package dev.hearth.dataset;

import dev.hearth.problem.ProblemException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.stream.IntStream;

/**
 * Parts rows into folds of which one is held out: scikit-learn's {@code KFold} and {@code
 * StratifiedKFold} with {@code shuffle=True}, but in the order {@code torch.randperm} of the seed.
 * The test part is taken first, as {@link RowSplit} takes it, and is in no fold.
 *
 * @param folds at least 2
 * @param fold which of them validates, from 0
 * @param test the fraction of all rows that tests
 */
public record FoldSplit(int folds, int fold, double test) {

    private static final String FOLDS = "/split/k_fold";

    public FoldSplit {
        if (folds < 2 || fold < 0 || fold >= folds) {
            throw new IllegalArgumentException("fold %d of %d".formatted(fold, folds));
        }
    }

    /**
     * The first {@code rows mod folds} folds have a row more than the others.
     *
     * @throws ProblemException where there are fewer rows than folds, or the test part is empty
     */
    public RowSplit random(long rows, long seed) {
        var tested = new Held(0, test).of(rows).test();
        var order = TorchPermutation.of(Math.toIntExact(rows), seed);
        var rest = order.length - tested;
        requireRows(rest);
        var parts = RowSplit.allTraining(order.length);
        var size = rest / folds;
        var first = tested + fold * size + Math.min(fold, rest % folds);
        var end = first + size + (fold < rest % folds ? 1 : 0);
        for (var i = 0; i < order.length; i++) {
            if (i < tested) {
                parts[order[i]] = Part.TEST;
            } else if (i >= first && i < end) {
                parts[order[i]] = Part.VALIDATION;
            }
        }
        return RowSplit.of(parts);
    }

    /**
     * Each fold has the same number of rows of each class, as far as that can be.
     *
     * @param classOfRow each row's class, from 0
     * @throws ProblemException as {@link #random}, and where no class has as many rows as folds
     */
    public RowSplit stratified(int[] classOfRow, long seed) {
        var counts = new Held(0, test).of(classOfRow.length);
        requireRows(classOfRow.length - counts.test());
        var tested = new ClassShares(classOfRow).take(test, counts.test(), Held.TEST);
        var order = TorchPermutation.of(classOfRow.length, seed);
        var parts = RowSplit.allTraining(classOfRow.length);
        for (var row : order) {
            if (tested[classOfRow[row]] > 0) {
                tested[classOfRow[row]]--;
                parts[row] = Part.TEST;
            }
        }
        var held = heldOfClass(classOfRow, parts);
        var seen = new int[held.length];
        for (var row : order) {
            if (parts[row] == Part.TRAINING) {
                var place = seen[classOfRow[row]]++;
                var range = held[classOfRow[row]];
                if (place >= range.first() && place < range.end()) {
                    parts[row] = Part.VALIDATION;
                }
            }
        }
        return RowSplit.of(parts);
    }

    /** Of a class's rows in the order of the permutation. */
    private record Range(int first, int end) {}

    /**
     * scikit-learn lays the rows out by class, classes in the order in which they first appear, and
     * deals them to the folds in turn; that says how many of each class a fold gets.
     */
    private Range[] heldOfClass(int[] classOfRow, Part[] parts) {
        var sizes = new LinkedHashMap<Integer, Integer>();
        for (var row = 0; row < classOfRow.length; row++) {
            if (parts[row] != Part.TEST) {
                sizes.merge(classOfRow[row], 1, Integer::sum);
            }
        }
        if (sizes.values().stream().noneMatch(size -> size >= folds)) {
            throw Held.refused(
                    FOLDS,
                    "no class of the target has %d rows; take fewer folds, or set /split/stratify to false"
                            .formatted(folds));
        }
        var ranges = new Range[Arrays.stream(classOfRow).max().orElse(0) + 1];
        var begin = 0;
        for (var each : sizes.entrySet()) {
            var end = begin + each.getValue();
            var from = begin;
            int first = IntStream.range(0, fold).map(i -> dealt(i, from, end)).sum();
            ranges[each.getKey()] = new Range(first, first + dealt(fold, from, end));
            begin = end;
        }
        return ranges;
    }

    /** How many of the places {@code begin} to {@code end − 1} are {@code to} modulo folds. */
    private int dealt(int to, int begin, int end) {
        return upTo(to, end) - upTo(to, begin);
    }

    private int upTo(int to, int end) {
        return end / folds + (end % folds > to ? 1 : 0);
    }

    private void requireRows(int rows) {
        if (rows < folds) {
            throw Held.refused(
                    FOLDS,
                    "%d rows cannot make %d folds; take fewer folds, or add rows"
                            .formatted(rows, folds));
        }
    }
}
