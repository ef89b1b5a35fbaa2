package dev.hearth.dataset;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Tells the progress of reading every few thousand rows, so that it can be stopped there. */
final class CountedRows implements Rows {

    private static final int ROWS_AT_ONCE = 1 << 14;

    private final Rows rows;
    private final PreparationProgress progress;
    private final String what;
    private long read;

    /** Takes over {@code rows}, and closes them in the end. */
    CountedRows(Rows rows, PreparationProgress progress, String what) {
        this.rows = rows;
        this.progress = progress;
        this.what = what;
    }

    @Override
    public @Nullable CellRow next() throws IOException, UnreadableException {
        if (++read % ROWS_AT_ONCE == 0) {
            // How many rows there will be is not known, so the fraction only nears its end.
            double fraction = read / (read + 1e7);
            progress.at(fraction, what + ": " + read);
        }
        return rows.next();
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
