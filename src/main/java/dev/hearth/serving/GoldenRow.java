package dev.hearth.serving;

/**
 * A row whose answer is known.
 *
 * @param rows the one row, as a version takes it
 */
record GoldenRow(Rows rows, Expectation expected) {}
