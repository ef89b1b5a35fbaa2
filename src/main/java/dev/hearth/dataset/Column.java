package dev.hearth.dataset;

import java.util.List;
import java.util.Optional;

/**
 * A column of a data set.
 *
 * @param categories of a {@link ColumnType#CATEGORICAL} column, sorted by code point unless they
 *     were declared in another order; empty otherwise
 * @param missing how many cells are empty
 * @param block what a cell of an {@link ColumnType#IMAGE} or {@link ColumnType#TENSOR} column is;
 *     empty otherwise
 */
public record Column(
        String name,
        ColumnType type,
        List<String> categories,
        long missing,
        Optional<Block> block) {

    public Column {
        categories = List.copyOf(categories);
        if (block.isPresent() == type.isWritten()) {
            throw new IllegalArgumentException(
                    "column '%s' is %s and its block is %s".formatted(name, type, block));
        }
    }

    /** A column whose cells lie in the table. */
    public Column(String name, ColumnType type, List<String> categories, long missing) {
        this(name, type, categories, missing, Optional.empty());
    }
}
