package dev.hearth.dataset;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a column's cells are, and how the table stores them. */
public enum ColumnType {
    /** Real numbers, stored as {@code F64}. */
    NUMERIC,
    /** Whole numbers, stored as {@code I64}. */
    INTEGER,
    /** {@code true} or {@code false}, stored as {@code BOOL}. */
    BOOLEAN,
    /** One of a known list of strings, stored as an {@code I32} index into it. */
    CATEGORICAL,
    /** Free text, kept for reading and not for training. */
    TEXT,
    /** A picture of {@code U8} values {@code [channels, height, width]}, in a {@link Block}. */
    IMAGE,
    /** Numbers of a fixed shape, in a {@link Block}. */
    TENSOR;

    /** Whether a cell is written as text, so that a table of text can have such a column. */
    boolean isWritten() {
        return switch (this) {
            case NUMERIC, INTEGER, BOOLEAN, CATEGORICAL, TEXT -> true;
            case IMAGE, TENSOR -> false;
        };
    }

    /** Whether its cells are numbers, real or whole. */
    public boolean isNumber() {
        return switch (this) {
            case NUMERIC, INTEGER -> true;
            case BOOLEAN, CATEGORICAL, TEXT, IMAGE, TENSOR -> false;
        };
    }

    /** The name in JSON, such as {@code categorical}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<ColumnType> ofWireName(@Nullable String name) {
        return Arrays.stream(values()).filter(type -> type.wireName().equals(name)).findFirst();
    }
}
