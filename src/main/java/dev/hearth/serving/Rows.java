package dev.hearth.serving;

/**
 * Rows as a model takes them.
 *
 * @param raw {@code [count, columns]}, row-major, in the order of the model's encoding
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier on the way to libtorch, never compared
record Rows(double[] raw, int count) {}
