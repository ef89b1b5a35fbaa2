package dev.hearth.dataset;

import java.util.Arrays;

/**
 * The characters of one row, one cell after another. One object is filled again for each row, so
 * that reading makes no garbage.
 */
final class CellRow {

    /** More characters than this are no row of a table, but a sign of a quote never closed. */
    static final int MAX_CHARS = 1 << 26;

    private final int maxCells;
    private String unit;
    private String file = "";
    private char[] chars = new char[1 << 12];
    private int[] ends = new int[64];
    private int begin; // of the first cell; 0 but where this shows another's cells
    private int firstEnd;
    private int used;
    private int cells;
    private long number;

    /**
     * @param maxCells cells beyond are counted but not kept
     * @param unit what {@link #number} counts: {@code line}, or {@code row}
     */
    CellRow(int maxCells, String unit) {
        this.maxCells = maxCells;
        this.unit = unit;
    }

    /** Empties the row. */
    void begin(long newNumber) {
        used = 0;
        cells = 0;
        number = newNumber;
    }

    /** Empties the row, to be filled with cells of another one in its place. */
    void begin(CellRow other) {
        begin(other.number);
        unit = other.unit;
        file = other.file;
    }

    /** Names the file that the row is from, to be told along with its place. */
    void ofFile(String name) {
        file = name + ", ";
    }

    /**
     * @throws IllegalStateException where the row gets too long
     */
    void add(char[] buffer, int offset, int length) {
        if (cells >= maxCells) {
            cells++;
            return;
        }
        room(length);
        System.arraycopy(buffer, offset, chars, used, length);
        end(length);
    }

    /**
     * @throws IllegalStateException where the row gets too long
     */
    void add(String cell) {
        if (cells >= maxCells) {
            cells++;
            return;
        }
        room(cell.length());
        cell.getChars(0, cell.length(), chars, used);
        end(cell.length());
    }

    private void room(int length) {
        if (used + length > MAX_CHARS) {
            throw new IllegalStateException("the row has more than 67,108,864 characters");
        }
        if (used + length > chars.length) {
            chars = Arrays.copyOf(chars, Math.max(used + length, chars.length * 2));
        }
        if (cells == ends.length) {
            ends = Arrays.copyOf(ends, ends.length * 2);
        }
    }

    private void end(int length) {
        used += length;
        ends[cells++] = used;
    }

    /** Where the row starts, from 1. */
    long number() {
        return number;
    }

    /** The same in words, such as {@code line 3}; with the file, where there are several. */
    String place() {
        return file + unit + " " + number;
    }

    int cells() {
        return cells;
    }

    /** How many of them are there to be looked at. */
    int keptCells() {
        return Math.min(cells, maxCells);
    }

    /** Has this show cells that lie elsewhere, and that whoever owns them may change. */
    void show(char[] itsChars, int itsBegin, int[] itsEnds, int itsFirstEnd) {
        chars = itsChars;
        begin = itsBegin;
        ends = itsEnds;
        firstEnd = itsFirstEnd;
    }

    /**
     * @param newCells that the row has, with those that are not kept
     */
    void describe(int newCells, long newNumber) {
        cells = newCells;
        number = newNumber;
    }

    /** Where the first cell begins in {@link #chars}. */
    int begin() {
        return begin;
    }

    /** Where the last cell that is kept ends. */
    int end() {
        return keptCells() == 0 ? begin : ends[firstEnd + keptCells() - 1];
    }

    char[] chars() {
        return chars;
    }

    int offset(int cell) {
        return cell == 0 ? begin : ends[firstEnd + cell - 1];
    }

    int length(int cell) {
        return ends[firstEnd + cell] - offset(cell);
    }

    String text(int cell) {
        return new String(chars, offset(cell), length(cell));
    }
}
