package dev.hearth.dataset;

import dev.hearth.problem.ProblemException;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Splits by time: the earliest rows train, later ones validate, the latest test.
 *
 * <p>Rows of one time are in one part: a part begins at the time whose first row is nearest to
 * where the fractions put it, the earlier of two that are equally near.
 */
public final class TimeSplit {

    private TimeSplit() {}

    /**
     * @param timeOfRow in any unit, ascending with time
     * @throws ProblemException where there are not enough different times
     */
    public static RowSplit of(long[] timeOfRow, Held held) {
        var counts = held.of(timeOfRow.length);
        var rows = timeOfRow.length;
        var order =
                IntStream.range(0, rows)
                        .boxed()
                        .sorted(Comparator.comparingLong((Integer row) -> timeOfRow[row]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        var starts =
                IntStream.range(1, rows)
                        .filter(i -> timeOfRow[order[i]] != timeOfRow[order[i - 1]])
                        .toArray();
        var test = counts.test() == 0 ? rows : nearest(starts, rows - counts.test());
        var validation =
                counts.validation() == 0
                        ? test
                        : nearest(starts, rows - counts.test() - counts.validation());
        if (validation < 0 || test < 0 || (counts.validation() > 0 && validation == test)) {
            throw Held.refused(
                    "/split/time",
                    "the rows of the column's %d different times cannot be parted so, as those of one time stay together; hold out other fractions, or name another column"
                            .formatted(starts.length + 1));
        }
        var parts = RowSplit.allTraining(rows);
        for (var i = validation; i < rows; i++) {
            parts[order[i]] = i < test ? Part.VALIDATION : Part.TEST;
        }
        return RowSplit.of(parts);
    }

    /**
     * @return -1 where there are no starts
     */
    private static int nearest(int[] starts, int wanted) {
        var best = -1;
        for (var start : starts) {
            if (best < 0 || Math.abs(start - wanted) < Math.abs(best - wanted)) {
                best = start;
            }
        }
        return best;
    }
}
