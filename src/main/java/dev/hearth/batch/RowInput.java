package dev.hearth.batch;

import dev.hearth.dataset.Datasets;
import dev.hearth.serving.Rows;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Encoding;
import java.util.List;
import java.util.Optional;

/**
 * The rows of a data set as a model takes them, a chunk at a time. Where chunks begin and end
 * depends on the data alone, so that whoever computes them again comes to the same bits.
 */
sealed interface RowInput extends AutoCloseable permits TableInput, BlockCellInput {

    /** Of one chunk. Small enough for a few of them to be computed in a second. */
    int MOST_ROWS = 1024;

    /**
     * Rows that follow each other.
     *
     * @param usable those of them that the model can take, in order
     * @param refusals of each row, why the model cannot take it; empty where it can
     */
    record Chunk(Rows usable, List<Optional<String>> refusals) {

        public Chunk {
            refusals = List.copyOf(refusals);
        }

        int rows() {
            return refusals.size();
        }
    }

    /**
     * Reads a chunk of at least one row.
     *
     * @param first row, below {@code end}
     * @param end after the last row that there is
     */
    Chunk read(long first, long end);

    @Override
    void close();

    /** Of a data set whose columns fit the version, as {@link InputFit} says. */
    static RowInput open(Needs.Found found, Datasets datasets) {
        return switch (found.version().input()) {
            case Encoding encoding ->
                    TableInput.open(
                            found.version(),
                            encoding,
                            found.dataset(),
                            datasets.open(found.dataset()));
            case BlockInput block ->
                    BlockCellInput.open(
                            block,
                            found.dataset(),
                            datasets.cells(found.dataset(), block.column()));
        };
    }
}
