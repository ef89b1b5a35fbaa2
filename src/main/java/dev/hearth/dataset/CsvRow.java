package dev.hearth.dataset;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;

/** Collects the cells of one row of a CSV file. */
final class CsvRow extends AbstractBaseCsvCallbackHandler<CellRow> {

    private final CellRow row;

    CsvRow(CellRow row) {
        this.row = row;
    }

    @Override
    protected void handleBegin(long startingLineNumber) {
        row.begin(startingLineNumber);
    }

    @Override
    protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
        // What this throws is passed on by the parser as the cause of its own.
        row.add(buffer, offset, length);
    }

    @Override
    protected CellRow buildRecord() {
        return row;
    }
}
