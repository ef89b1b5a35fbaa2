package dev.hearth.serving;

import java.util.Optional;

/**
 * Rows that are to be explained.
 *
 * @param baseline the row beside them that they are to be compared with
 */
record ComparedRows(Rows rows, Optional<Rows> baseline) {}
