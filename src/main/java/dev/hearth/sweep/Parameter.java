package dev.hearth.sweep;

import tools.jackson.core.JsonPointer;

/**
 * A value of the run that differs from trial to trial.
 *
 * @param pointer into the run, such as {@code /optimizer/lr}
 */
record Parameter(JsonPointer pointer, Domain domain) {

    String name() {
        return pointer.toString();
    }

    /** Whether {@code place} is this value, or within it. */
    boolean covers(String place) {
        return place.equals(name()) || place.startsWith(name() + "/");
    }
}
