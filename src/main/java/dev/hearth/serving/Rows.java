package dev.hearth.serving;

import dev.hearth.torchscript.Cell;
import java.util.List;

/** What a model is asked about, as it takes it. */
public sealed interface Rows {

    int count();

    /**
     * Rows of a table.
     *
     * @param raw {@code [count, columns]}, row-major, in the order of the model's encoding
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier on the way to libtorch, never compared
    record OfTable(double[] raw, int count) implements Rows {}

    /** Images or tensors. */
    record OfBlock(List<Cell> cells) implements Rows {
        public OfBlock {
            cells = List.copyOf(cells);
        }

        @Override
        public int count() {
            return cells.size();
        }
    }
}
