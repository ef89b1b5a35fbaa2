package dev.hearth.dataset;

import java.io.IOException;

/** A file of rows, of whatever form, that can be read as often as needed. */
@FunctionalInterface
interface RowSource {

    /**
     * @param maxCells of a row; cells beyond are counted but not kept
     */
    Rows open(int maxCells) throws IOException;
}
