package dev.hearth.dataset;

/** A 64-bit hash of a cell's characters. */
final class CellHash {

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private CellHash() {}

    static long of(char[] text, int offset, int length) {
        long hash = length * MULTIPLIER;
        var i = offset;
        // Four at a time, as each step waits for the one before.
        for (; i < offset + length - 3; i += 4) {
            var four =
                    text[i]
                            | (long) text[i + 1] << 16
                            | (long) text[i + 2] << 32
                            | (long) text[i + 3] << 48;
            hash = (Long.rotateLeft(hash, 23) ^ four) * MULTIPLIER;
        }
        for (; i < offset + length; i++) {
            hash = (Long.rotateLeft(hash, 23) ^ text[i]) * MULTIPLIER;
        }
        return hash ^ (hash >>> 29);
    }

    /** Adds a cell's hash to that of the cells before it in the row. */
    static long combine(long row, long cell) {
        var hash = (Long.rotateLeft(row, 17) ^ cell) * MULTIPLIER;
        return hash ^ (hash >>> 32);
    }
}
