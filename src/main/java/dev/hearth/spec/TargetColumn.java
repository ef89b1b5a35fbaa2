package dev.hearth.spec;

import java.util.List;
import java.util.OptionalInt;

/**
 * The column to predict, as far as a loss cares.
 *
 * @param classes how many different values it has, where each can be a class; empty where there is
 *     no telling, as with measurements and free text
 * @param names of the classes, in their order; empty where there are none, or they do not matter
 */
public record TargetColumn(String name, Kind kind, OptionalInt classes, List<String> names) {

    public TargetColumn {
        names = List.copyOf(names);
    }

    public TargetColumn(String name, Kind kind, OptionalInt classes) {
        this(name, kind, classes, List.of());
    }

    /** Whether each cell says yes or no: a boolean, or 0 or 1. */
    boolean isYesOrNo() {
        return switch (kind) {
            case BOOLEAN -> true;
            case INTEGER -> !names.isEmpty() && List.of("0", "1").containsAll(names);
            case NUMERIC, CATEGORICAL, TEXT -> false;
        };
    }

    /** What its cells are. */
    public enum Kind {
        NUMERIC,
        INTEGER,
        BOOLEAN,
        CATEGORICAL,
        TEXT
    }
}
