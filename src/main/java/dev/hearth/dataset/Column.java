package dev.hearth.dataset;

import dev.hearth.missing.MissingPolicy;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A column of a data set.
 *
 * @param categories of a {@link ColumnType#CATEGORICAL} column, sorted by code point unless they
 *     were declared in another order; empty otherwise
 * @param missing how many cells are empty
 * @param policy what stands for a missing value in the runs on the data set, unless they say
 *     otherwise
 * @param block what a cell of an {@link ColumnType#IMAGE} or {@link ColumnType#TENSOR} column is;
 *     empty otherwise
 */
public record Column(
        String name,
        ColumnType type,
        List<String> categories,
        long missing,
        MissingPolicy policy,
        Optional<Block> block) {

    /**
     * @param policy null in what was stored before there were any
     */
    public Column(
            String name,
            ColumnType type,
            List<String> categories,
            long missing,
            @Nullable MissingPolicy policy,
            Optional<Block> block) {
        this.name = name;
        this.type = type;
        this.categories = List.copyOf(categories);
        this.missing = missing;
        this.policy = policy == null ? MissingPolicy.REJECT : policy;
        this.block = block;
        if (block.isPresent() == type.isWritten()) {
            throw new IllegalArgumentException(
                    "column '%s' is %s and its block is %s".formatted(name, type, block));
        }
    }

    /** A column of which nothing is declared. */
    public Column(
            String name,
            ColumnType type,
            List<String> categories,
            long missing,
            Optional<Block> block) {
        this(name, type, categories, missing, MissingPolicy.REJECT, block);
    }

    /** A column whose cells lie in the table. */
    public Column(String name, ColumnType type, List<String> categories, long missing) {
        this(name, type, categories, missing, Optional.empty());
    }
}
