package dev.hearth.dataset;

import java.util.Arrays;

/**
 * The distinct cells of a column with their counts, up to a limit. Beyond it the cells are
 * forgotten, and only that there were too many is known.
 *
 * <p>An open-addressing table that looks up characters of a buffer without making a {@code String}
 * of them.
 */
final class DistinctCells {

    /** What all columns together may keep, so that memory stays flat whatever is sent. */
    static final class Budget {
        private long charsLeft;

        Budget(long chars) {
            this.charsLeft = chars;
        }

        private boolean spend(int chars) {
            charsLeft -= chars;
            return charsLeft >= 0;
        }
    }

    /** No entry. */
    static final int NONE = -1;

    private static final int ENTRY_CHARS = 32;

    private final int limit;
    private final Budget budget;
    private int[] slots = new int[16]; // entry + 1, 0 where free
    private String[] texts = new String[8];
    private long[] hashes = new long[8];
    private long[] counts = new long[8];
    private int size;
    private boolean overflowed;

    DistinctCells(int limit, Budget budget) {
        this.limit = limit;
        this.budget = budget;
    }

    /** How many there are; the limit where {@link #overflowed()}. */
    int size() {
        return size;
    }

    boolean overflowed() {
        return overflowed;
    }

    String text(int entry) {
        return texts[entry];
    }

    long count(int entry) {
        return counts[entry];
    }

    String[] texts() {
        return Arrays.copyOf(texts, overflowed ? 0 : size);
    }

    /** Counts a cell, and returns its entry: its place in the order of first appearance. */
    int add(char[] buffer, int offset, int length, long hash) {
        if (overflowed) {
            return NONE;
        }
        var slot = slotOf(buffer, offset, length, hash);
        if (slots[slot] != 0) {
            var entry = slots[slot] - 1;
            counts[entry]++;
            return entry;
        }
        if (size == limit || !budget.spend(length + ENTRY_CHARS)) {
            overflow();
            return NONE;
        }
        if (size == texts.length) {
            grow();
            slot = slotOf(buffer, offset, length, hash);
        }
        texts[size] = new String(buffer, offset, length);
        hashes[size] = hash;
        counts[size] = 1;
        slots[slot] = ++size;
        return size - 1;
    }

    /** The entry with these characters, or {@link #NONE}. */
    int find(char[] buffer, int offset, int length, long hash) {
        return slots[slotOf(buffer, offset, length, hash)] - 1;
    }

    /** Forgets the cells; there are more than can be kept. */
    void overflow() {
        overflowed = true;
        slots = new int[2];
        texts = new String[0];
        hashes = new long[0];
        counts = new long[0];
    }

    private int slotOf(char[] buffer, int offset, int length, long hash) {
        var mask = slots.length - 1;
        var slot = (int) hash & mask;
        while (slots[slot] != 0) {
            var entry = slots[slot] - 1;
            if (hashes[entry] == hash && equal(texts[entry], buffer, offset, length)) {
                break;
            }
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private static boolean equal(String text, char[] buffer, int offset, int length) {
        if (text.length() != length) {
            return false;
        }
        for (var i = 0; i < length; i++) {
            if (text.charAt(i) != buffer[offset + i]) {
                return false;
            }
        }
        return true;
    }

    private void grow() {
        var capacity = texts.length * 2;
        texts = Arrays.copyOf(texts, capacity);
        hashes = Arrays.copyOf(hashes, capacity);
        counts = Arrays.copyOf(counts, capacity);
        slots = new int[capacity * 2];
        for (var entry = 0; entry < size; entry++) {
            var slot = (int) hashes[entry] & (slots.length - 1);
            while (slots[slot] != 0) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = entry + 1;
        }
    }
}
