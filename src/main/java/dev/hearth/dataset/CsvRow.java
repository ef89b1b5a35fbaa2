package dev.hearth.dataset;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import java.util.Arrays;

/**
 * The characters of one row, one cell after another. One object is filled again for each row, so
 * that reading makes no garbage.
 */
final class CsvRow extends AbstractBaseCsvCallbackHandler<CsvRow> {

    /** More characters than this are no row of a table, but a sign of a quote never closed. */
    static final int MAX_CHARS = 1 << 26;

    private final int maxCells;
    private char[] chars = new char[1 << 12];
    private int[] ends = new int[64];
    private int used;
    private long lastLine;

    /**
     * @param maxCells cells beyond are counted but not kept
     */
    CsvRow(int maxCells) {
        this.maxCells = maxCells;
    }

    @Override
    protected void handleBegin(long startingLineNumber) {
        used = 0;
        lastLine = startingLineNumber;
    }

    @Override
    protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
        if (index >= maxCells) {
            return;
        }
        if (used + length > MAX_CHARS) {
            // The parser passes this on as the cause of its own.
            throw new IllegalStateException("the row has more than 67,108,864 characters");
        }
        if (used + length > chars.length) {
            chars = Arrays.copyOf(chars, Math.max(used + length, chars.length * 2));
        }
        if (index == ends.length) {
            ends = Arrays.copyOf(ends, ends.length * 2);
        }
        System.arraycopy(buffer, offset, chars, used, length);
        used += length;
        ends[index] = used;
    }

    @Override
    protected CsvRow buildRecord() {
        return this;
    }

    /** Where the row starts, from 1. */
    long line() {
        return lastLine;
    }

    int cells() {
        return getFieldCount();
    }

    char[] chars() {
        return chars;
    }

    int offset(int cell) {
        return cell == 0 ? 0 : ends[cell - 1];
    }

    int length(int cell) {
        return ends[cell] - offset(cell);
    }

    String text(int cell) {
        return new String(chars, offset(cell), length(cell));
    }
}
