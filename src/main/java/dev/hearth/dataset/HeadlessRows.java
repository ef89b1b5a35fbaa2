package dev.hearth.dataset;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Rows without column names, which are made up: {@code column_1} and so on. */
final class HeadlessRows implements Rows {

    private final Rows rows;
    private final int maxCells;
    private @Nullable CellRow first;
    private boolean started;

    /** Takes over {@code rows}, and closes them in the end. */
    HeadlessRows(Rows rows, int maxCells) {
        this.rows = rows;
        this.maxCells = maxCells;
    }

    @Override
    public @Nullable CellRow next() throws IOException, UnreadableException {
        if (!started) {
            started = true;
            first = rows.next();
            return first == null ? null : names(first);
        }
        if (first != null) {
            CellRow row = first;
            first = null;
            return row;
        }
        return rows.next();
    }

    private CellRow names(CellRow row) {
        var names = new CellRow(maxCells, "line");
        names.begin(row.number());
        for (int i = 1; i <= row.cells(); i++) {
            names.add("column_" + i);
        }
        return names;
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
