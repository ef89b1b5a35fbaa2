package dev.hearth.dataset;

import java.util.Optional;

/**
 * A data set's rows, memory-mapped: opening costs nothing, and what is read is shared by all who
 * read. May be used by several threads. Nothing of it can be used once it is closed.
 */
public interface Table extends AutoCloseable {

    long rows();

    /**
     * A column's values.
     *
     * @throws IllegalArgumentException where there is no such column, or it is a text
     */
    Values values(String column);

    /** A cell as text, whatever its type; empty where it is missing. */
    Optional<String> text(String column, long row);

    @Override
    void close();
}
