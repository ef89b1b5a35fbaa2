package dev.hearth.spec;

import java.util.OptionalInt;

/**
 * The column to predict, as far as a loss cares.
 *
 * @param classes how many different values it has, where each can be a class; empty where there is
 *     no telling, as with measurements and free text
 */
public record TargetColumn(String name, Kind kind, OptionalInt classes) {

    /** What its cells are. */
    public enum Kind {
        NUMERIC,
        INTEGER,
        BOOLEAN,
        CATEGORICAL,
        TEXT
    }
}
