package dev.hearth.serving;

import java.util.Optional;

/**
 * Whether two numbers are the same for somebody.
 *
 * @param tolerance by how much they may differ, in their unit; empty for what two machines or batch
 *     sizes differ by
 */
record Closeness(Optional<Double> tolerance) {

    private static final double RELATIVE = 1e-5;

    boolean holds(double expected, double got) {
        return Math.abs(expected - got) <= allowed(expected);
    }

    /** By how much a number may differ from {@code expected}. */
    double allowed(double expected) {
        return tolerance.orElseGet(() -> RELATIVE * Math.max(1, Math.abs(expected)));
    }
}
