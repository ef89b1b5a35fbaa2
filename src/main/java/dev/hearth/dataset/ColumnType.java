package dev.hearth.dataset;

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
    TEXT
}
