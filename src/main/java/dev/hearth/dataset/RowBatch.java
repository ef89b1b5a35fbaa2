package dev.hearth.dataset;

import java.util.Arrays;

/** Rows that go from one thread to another together; filled again when they are done with. */
final class RowBatch {

    private static final int MOST_ROWS = 1024;

    /** A batch with as many is full, so that it never holds more than these and one row. */
    private static final int ENOUGH_CHARS = 1 << 17;

    private char[] chars = new char[ENOUGH_CHARS];
    private int[] ends = new int[1 << 14];
    private final int[] firstEnds = new int[MOST_ROWS + 1];
    private final int[] cells = new int[MOST_ROWS];
    private final long[] numbers = new long[MOST_ROWS];
    private int rows;
    private int used;

    void clear() {
        rows = 0;
        used = 0;
    }

    int rows() {
        return rows;
    }

    boolean isFull() {
        return rows == MOST_ROWS || used >= ENOUGH_CHARS;
    }

    void add(CellRow row) {
        int kept = row.keptCells();
        int first = firstEnds[rows];
        if (first + kept > ends.length) {
            ends = Arrays.copyOf(ends, Math.max(first + kept, 2 * ends.length));
        }
        int begin = row.begin();
        int length = row.end() - begin;
        if (used + length > chars.length) {
            chars = Arrays.copyOf(chars, used + length);
        }
        System.arraycopy(row.chars(), begin, chars, used, length);
        for (int i = 0; i < kept; i++) {
            ends[first + i] = used + row.offset(i) + row.length(i) - begin;
        }
        used += length;
        cells[rows] = row.cells();
        numbers[rows] = row.number();
        firstEnds[++rows] = first + kept;
    }

    /** Has {@code target} show a row of this batch, until the batch is filled again. */
    void show(int row, CellRow target) {
        int first = firstEnds[row];
        target.show(chars, first == 0 ? 0 : ends[first - 1], ends, first);
        target.describe(cells[row], numbers[row]);
    }
}
