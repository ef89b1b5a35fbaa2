package dev.hearth.dataset;

import java.util.OptionalLong;

/** Counts the rows that repeat an earlier one, by hash, up to a number of distinct rows. */
final class RowHashes {

    private static final int LIMIT = 1 << 20;

    private long[] table = new long[1 << 10];
    private int size;
    private long repeated;
    private boolean overflowed;

    void add(long hash) {
        if (overflowed) {
            return;
        }
        // 0 marks a free place.
        if (!insert(hash == 0 ? 1 : hash)) {
            repeated++;
            return;
        }
        size++;
        if (size > LIMIT) {
            overflowed = true;
            table = new long[0];
        } else if (size * 2 > table.length) {
            var old = table;
            table = new long[old.length * 2];
            for (var each : old) {
                if (each != 0) {
                    insert(each);
                }
            }
        }
    }

    private boolean insert(long hash) {
        var at = (int) hash & (table.length - 1);
        while (table[at] != 0) {
            if (table[at] == hash) {
                return false;
            }
            at = (at + 1) & (table.length - 1);
        }
        table[at] = hash;
        return true;
    }

    /** How many rows repeat an earlier one; empty where there were too many rows to tell. */
    OptionalLong repeated() {
        return overflowed ? OptionalLong.empty() : OptionalLong.of(repeated);
    }
}
