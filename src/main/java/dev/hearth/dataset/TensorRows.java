package dev.hearth.dataset;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of tensors that have one value in each. */
final class TensorRows implements Rows {

    private final List<JoinedTensor> tensors;
    private final long count;
    private final CellRow row;
    private long next = -1;

    /**
     * @param count of rows; every tensor has as many
     */
    TensorRows(List<JoinedTensor> tensors, long count, int maxCells) {
        this.tensors = List.copyOf(tensors);
        this.count = count;
        this.row = new CellRow(maxCells, "row");
    }

    @Override
    public @Nullable CellRow next() {
        if (next == count) {
            return null;
        }
        row.begin(next + 1);
        for (var tensor : tensors) {
            row.add(next < 0 ? tensor.name() : tensor.cell(next));
        }
        next++;
        return row;
    }

    @Override
    public void close() {
        // The tensors belong to those who opened their files.
    }
}
