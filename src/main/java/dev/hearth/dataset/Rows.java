package dev.hearth.dataset;

import dev.hearth.problem.Violation;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The rows of a file, one at a time; the first one is the names of the columns. */
interface Rows extends AutoCloseable {

    /** The rest of the file cannot be read. */
    final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Violation violation;

        UnreadableException(Violation violation, Exception cause) {
            super(violation.message(), cause);
            this.violation = violation;
        }

        Violation violation() {
            return violation;
        }
    }

    /**
     * The next row, the same object every time; null at the end.
     *
     * @throws IOException where the file itself cannot be read
     */
    @Nullable CellRow next() throws IOException, UnreadableException;

    @Override
    void close() throws IOException;
}
