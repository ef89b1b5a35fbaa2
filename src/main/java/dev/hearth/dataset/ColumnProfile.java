package dev.hearth.dataset;

import java.util.Optional;

/** What the first reading learns of a column, and the type that follows from it. */
final class ColumnProfile {

    /** So few distinct words are categories however few rows there are. */
    private static final int FEW_CATEGORIES = 20;

    /** More distinct words than this are text, unless the column is declared categorical. */
    static final int MAX_INFERRED_CATEGORIES = 1_000;

    static final int MAX_DECLARED_CATEGORIES = 10_000;
    static final int MAX_CATEGORY_CHARS = 256;

    private final String name;
    private final ColumnDeclaration declared;
    private final DistinctCells distinct;
    private long missing;
    private long whole;
    private long decimal;
    private long notFinite;
    private long booleans;
    private long words;
    private long utf8Bytes;
    private boolean hasLongCell;
    private long cellsHash;
    private long patternHash;

    ColumnProfile(String name, ColumnDeclaration declared, DistinctCells.Budget budget) {
        this.name = name;
        this.declared = declared;
        this.distinct =
                new DistinctCells(
                        declared.type().equals(Optional.of(ColumnType.CATEGORICAL))
                                ? MAX_DECLARED_CATEGORIES
                                : MAX_INFERRED_CATEGORIES,
                        budget);
    }

    void add(NumberCell number, char[] text, int offset, int length, long hash) {
        var kind = number.read(text, offset, length);
        if (kind == NumberCell.Kind.BLANK) {
            missing++;
            cellsHash = CellHash.combine(cellsHash, 0);
            patternHash = CellHash.combine(patternHash, DistinctCells.NONE);
            return;
        }
        cellsHash = CellHash.combine(cellsHash, hash);
        utf8Bytes += length;
        switch (kind) {
            case BLANK -> throw new IllegalStateException("handled above");
            case WHOLE -> whole++;
            case DECIMAL -> decimal++;
            case NOT_FINITE -> notFinite++;
            case WORD -> {
                if (BooleanCell.read(text, offset, length) != BooleanCell.NEITHER) {
                    booleans++;
                } else {
                    words++;
                }
                utf8Bytes += extraBytes(text, offset, length);
            }
        }
        if (length > MAX_CATEGORY_CHARS) {
            hasLongCell = true;
            distinct.overflow();
        }
        var entry = distinct.add(text, offset, length, hash);
        patternHash = CellHash.combine(patternHash, entry);
    }

    /** How many more bytes than characters the text has in UTF-8. */
    private static long extraBytes(char[] text, int offset, int length) {
        long extra = 0;
        for (var i = offset; i < offset + length; i++) {
            var c = text[i];
            if (c >= 0x80) {
                // A pair of surrogates is four bytes.
                extra += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return extra;
    }

    String name() {
        return name;
    }

    boolean isDeclared() {
        return declared.type().isPresent();
    }

    ColumnDeclaration declaration() {
        return declared;
    }

    long missing() {
        return missing;
    }

    /** The length of all cells in UTF-8. */
    long utf8Bytes() {
        return utf8Bytes;
    }

    /** The same for columns with the same cells, row by row. */
    long cellsHash() {
        return cellsHash;
    }

    /**
     * The same for columns whose cells can be renamed, each distinct cell to another, so that the
     * columns are equal; of no use where there were too many distinct cells.
     */
    long patternHash() {
        return patternHash;
    }

    DistinctCells distinct() {
        return distinct;
    }

    boolean hasLongCell() {
        return hasLongCell;
    }

    /** How many cells are numbers, for the words that explain why another one must be. */
    long numbers() {
        return whole + decimal;
    }

    long filled() {
        return whole + decimal + notFinite + booleans + words;
    }

    ColumnType type(long rows) {
        return declared.type().orElseGet(() -> inferred(rows));
    }

    private ColumnType inferred(long rows) {
        var filled = filled();
        if (filled == 0) {
            return ColumnType.TEXT;
        }
        if (whole == filled) {
            return ColumnType.INTEGER;
        }
        if (booleans == filled) {
            return ColumnType.BOOLEAN;
        }
        // Nine numbers in ten: the rest are mistakes, not words.
        if (numbers() + notFinite == filled || numbers() >= 0.9 * filled) {
            return ColumnType.NUMERIC;
        }
        if (distinct.overflowed()) {
            return ColumnType.TEXT;
        }
        return distinct.size() <= FEW_CATEGORIES || distinct.size() <= rows / 2
                ? ColumnType.CATEGORICAL
                : ColumnType.TEXT;
    }
}
