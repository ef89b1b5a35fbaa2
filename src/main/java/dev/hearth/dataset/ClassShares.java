package dev.hearth.dataset;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How many rows each class gives, in proportion to its size: the whole part of {@code fraction ·
 * size} each, and one more for the classes with the largest remainders (the lower class first where
 * they are equal). Every class keeps a row.
 */
final class ClassShares {

    private final int[] sizes;
    private final int[] free;

    /**
     * @param classOfRow each row's class, from 0
     */
    ClassShares(int[] classOfRow) {
        sizes = new int[Arrays.stream(classOfRow).max().orElse(0) + 1];
        for (var each : classOfRow) {
            sizes[each]++;
        }
        free = sizes.clone();
    }

    /**
     * Takes rows away.
     *
     * @param count of rows of all classes together
     * @param pointer to the fraction
     * @return of each class
     */
    int[] take(double fraction, int count, String pointer) {
        var wanted = new int[sizes.length];
        var left = count;
        for (var i = 0; i < sizes.length; i++) {
            wanted[i] = Math.min((int) Math.floor(fraction * sizes[i]), Math.max(0, free[i] - 1));
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
                if (left > 0 && wanted[i] + 1 < free[i]) {
                    wanted[i]++;
                    left--;
                }
            }
            if (left == before) {
                throw Held.refused(
                        pointer,
                        ("holding out %d of %d rows leaves some of the target's classes without a"
                                        + " row to train on; lower it, or set /split/stratify to"
                                        + " false")
                                .formatted(count, Arrays.stream(sizes).sum()));
            }
        }
        for (var i = 0; i < sizes.length; i++) {
            free[i] -= wanted[i];
        }
        return wanted;
    }
}
