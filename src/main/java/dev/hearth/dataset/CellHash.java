package dev.hearth.dataset;

/** A 64-bit hash of a cell's characters. */
final class CellHash {

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private CellHash() {}

    static long of(char[] text, int offset, int length) {
        long hash = length * MULTIPLIER;
        for (var i = offset; i < offset + length; i++) {
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
