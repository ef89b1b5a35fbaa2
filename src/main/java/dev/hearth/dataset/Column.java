package dev.hearth.dataset;

import java.util.List;

/**
 * A column of a data set.
 *
 * @param categories of a {@link ColumnType#CATEGORICAL} column, sorted by code point; empty
 *     otherwise
 * @param missing how many cells are empty
 */
public record Column(String name, ColumnType type, List<String> categories, long missing) {

    public Column {
        categories = List.copyOf(categories);
    }
}
