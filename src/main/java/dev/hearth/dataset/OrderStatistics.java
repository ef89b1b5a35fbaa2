package dev.hearth.dataset;

import org.jspecify.annotations.Nullable;

/**
 * Finds the values at given places of a column's order, exactly, without sorting it: each reading
 * of the column counts the next thirteen bits of the values that share the bits found so far.
 * Memory does not depend on the number of rows.
 */
final class OrderStatistics {

    private static final int DIGIT_BITS = 13;
    private static final int LEVELS = 5;

    /** Counts of the next bits of all values that have the same bits before. */
    private static final class Node {
        private final long[] counts = new long[1 << DIGIT_BITS];
        private final @Nullable Node[] children = new @Nullable Node[1 << DIGIT_BITS];
    }

    private final Values values;
    private final long rows;
    private final Node root = new Node();

    private OrderStatistics(Values values, long rows) {
        this.values = values;
        this.rows = rows;
    }

    /**
     * @param ranks from 0, below the number of values that are not missing
     * @return for each rank the value that has it
     */
    static double[] at(long[] ranks, Values values, long rows) {
        return new OrderStatistics(values, rows).find(ranks);
    }

    private double[] find(long[] ranks) {
        var left = ranks.clone(); // the rank among the values with the same bits so far
        var keys = new long[ranks.length];
        var nodes = new Node[ranks.length];
        for (var level = 0; level < LEVELS; level++) {
            count(level);
            for (var i = 0; i < ranks.length; i++) {
                var node = level == 0 ? root : nodes[i];
                var digit = 0;
                while (left[i] >= node.counts[digit]) {
                    left[i] -= node.counts[digit++];
                }
                keys[i] |= (long) digit << shift(level);
                var child = node.children[digit];
                if (child == null) {
                    child = new Node();
                    node.children[digit] = child;
                }
                nodes[i] = child;
            }
        }
        var found = new double[ranks.length];
        for (var i = 0; i < found.length; i++) {
            found[i] = value(keys[i]);
        }
        return found;
    }

    private void count(int level) {
        for (long row = 0; row < rows; row++) {
            if (values.missingAt(row)) {
                continue;
            }
            var key = key(values.at(row));
            @Nullable Node node = root;
            for (var above = 0; above < level && node != null; above++) {
                node = node.children[digit(key, above)];
            }
            if (node != null) {
                node.counts[digit(key, level)]++;
            }
        }
    }

    private static int shift(int level) {
        return Math.max(0, Long.SIZE - DIGIT_BITS * (level + 1));
    }

    private static int digit(long key, int level) {
        var bits = Math.min(DIGIT_BITS, Long.SIZE - DIGIT_BITS * level);
        return (int) (key >>> shift(level)) & ((1 << bits) - 1);
    }

    /** Bits whose order without a sign is the order of the values; −0 is 0. */
    private static long key(double value) {
        var bits = Double.doubleToRawLongBits(value + 0.0);
        return bits ^ ((bits >> 63) | Long.MIN_VALUE);
    }

    private static double value(long key) {
        return Double.longBitsToDouble(key < 0 ? key ^ Long.MIN_VALUE : ~key);
    }
}
