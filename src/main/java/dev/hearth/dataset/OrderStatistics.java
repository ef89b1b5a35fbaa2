package dev.hearth.dataset;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the values at given places of a column's order, exactly, without sorting it: each reading
 * of the column counts the next thirteen bits of the values that share the bits found so far, until
 * those are few enough to be sorted. Memory does not depend on the number of rows.
 */
final class OrderStatistics {

    private static final int DIGIT_BITS = 13;
    private static final int LEVELS = 5;

    /** So many values are kept: two megabytes. */
    private static final int FEW = 1 << 18;

    /** Values that have the same bits so far. */
    private static final class Node {
        private final long size;
        private final long[] counts = new long[1 << DIGIT_BITS];
        private final @Nullable Node[] children = new @Nullable Node[1 << DIGIT_BITS];
        private long[] keys = new long[0];
        private int kept;

        Node(long size) {
            this.size = size;
        }

        void keep(long key) {
            if (kept == 0) {
                keys = new long[Math.toIntExact(size)];
            }
            keys[kept++] = key;
        }
    }

    private final Values values;
    private final long rows;
    private final Node root;

    private OrderStatistics(Values values, long rows) {
        this.values = values;
        this.rows = rows;
        this.root = new Node(rows);
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
        Arrays.fill(nodes, root);
        for (var level = 0; level < LEVELS; level++) {
            read(level, (node, key, digit) -> node.counts[digit]++);
            long candidates = 0;
            for (var i = 0; i < ranks.length; i++) {
                var node = nodes[i];
                var digit = 0;
                while (left[i] >= node.counts[digit]) {
                    left[i] -= node.counts[digit++];
                }
                keys[i] |= (long) digit << shift(level);
                var child = node.children[digit];
                if (child == null) {
                    child = new Node(node.counts[digit]);
                    node.children[digit] = child;
                    candidates += child.size;
                }
                nodes[i] = child;
            }
            if (candidates <= FEW && level < LEVELS - 1) {
                return among(nodes, left, level + 1);
            }
        }
        return Arrays.stream(keys).mapToDouble(OrderStatistics::value).toArray();
    }

    /** The values of these ranks among those of each node, which are of this level. */
    private double[] among(Node[] nodes, long[] ranks, int level) {
        read(level, (node, key, digit) -> node.keep(key));
        var found = new double[ranks.length];
        for (var i = 0; i < found.length; i++) {
            if (i == 0 || nodes[i] != nodes[i - 1]) {
                // Of keys without a sign.
                sort(nodes[i].keys);
            }
            found[i] = value(nodes[i].keys[(int) ranks[i]]);
        }
        return found;
    }

    private static void sort(long[] unsigned) {
        for (var i = 0; i < unsigned.length; i++) {
            unsigned[i] ^= Long.MIN_VALUE;
        }
        Arrays.sort(unsigned);
        for (var i = 0; i < unsigned.length; i++) {
            unsigned[i] ^= Long.MIN_VALUE;
        }
    }

    /** What is done with a value whose bits above a level lead to a node. */
    private interface Visitor {
        void visit(Node node, long key, int digit);
    }

    private void read(int level, Visitor visitor) {
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
                visitor.visit(node, key, digit(key, level));
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
