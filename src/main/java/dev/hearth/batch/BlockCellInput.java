package dev.hearth.batch;

import dev.hearth.dataset.BlockCells;
import dev.hearth.dataset.Column;
import dev.hearth.dataset.Dataset;
import dev.hearth.serving.Rows;
import dev.hearth.spec.BlockInput;
import dev.hearth.tensorfile.ElementType;
import dev.hearth.torchscript.Cell;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of a column of images or tensors, for a model that takes such. */
final class BlockCellInput implements RowInput {

    /** Of a chunk; at least one row is in it, however large. */
    private static final long MOST_VALUES = 1 << 20;

    private final BlockInput input;
    private final BlockCells cells;
    private final ElementType dtype;

    /** By the shape of an image, why the model does not take it; there are few shapes. */
    private final Map<List<Long>, Optional<String>> refusals = new HashMap<>();

    private BlockCellInput(BlockInput input, BlockCells cells, ElementType dtype) {
        this.input = input;
        this.cells = cells;
        this.dtype = dtype;
    }

    /**
     * @param cells of the column; closed with this
     */
    static BlockCellInput open(BlockInput input, Dataset dataset, BlockCells cells) {
        ElementType dtype =
                dataset.column(input.column()).flatMap(Column::block).orElseThrow().dtype();
        return new BlockCellInput(input, cells, dtype);
    }

    @Override
    public Chunk read(long first, long end) {
        var usable = new ArrayList<Cell>();
        var told = new ArrayList<Optional<String>>();
        long values = 0;
        for (long row = first; row < end && told.size() < MOST_ROWS; row++) {
            List<Long> shape = cells.shape(row);
            values += shape.stream().reduce(1L, Math::multiplyExact);
            if (values > MOST_VALUES && row > first) {
                break;
            }
            told.add(take(row, shape, usable));
        }
        return new Chunk(new Rows.OfBlock(usable), told);
    }

    /** Adds the row's cell to those that can be used, or says why not. */
    private Optional<String> take(long row, List<Long> shape, List<Cell> usable) {
        switch (input.kind()) {
            case IMAGE -> {
                var refused =
                        refusals.computeIfAbsent(
                                shape, _ -> input.refusal(shape.get(1), shape.get(2)));
                if (refused.isPresent()) {
                    return refused.map(why -> "'%s': %s".formatted(input.column(), why));
                }
                usable.add(new Cell(Cell.Type.UINT8, shape, cells.values(row)));
            }
            case TENSOR -> {
                ByteBuffer floats = floats(cells.values(row));
                for (int i = 0; i < floats.limit(); i += Float.BYTES) {
                    if (!Float.isFinite(floats.getFloat(i))) {
                        return Optional.of(
                                "'%s': expected finite numbers, got %s in place %d"
                                        .formatted(
                                                input.column(),
                                                floats.getFloat(i),
                                                i / Float.BYTES));
                    }
                }
                usable.add(new Cell(Cell.Type.FLOAT32, shape, floats));
            }
        }
        return Optional.empty();
    }

    /** The values as the model gets them. */
    private ByteBuffer floats(ByteBuffer values) {
        if (dtype == ElementType.FLOAT32) {
            return values;
        }
        var floats =
                ByteBuffer.allocate(
                                Math.multiplyExact(values.remaining() / dtype.size, Float.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
        while (floats.hasRemaining()) {
            floats.putFloat(next(values));
        }
        return floats.flip();
    }

    private float next(ByteBuffer values) {
        return switch (dtype) {
            case FLOAT64 -> (float) values.getDouble();
            case FLOAT32 -> values.getFloat();
            case FLOAT16 -> Float.float16ToFloat(values.getShort());
            case BFLOAT16 -> Float.intBitsToFloat(values.getShort() << Short.SIZE);
            case INT64 -> (float) values.getLong();
            case INT32 -> (float) values.getInt();
            case INT16 -> values.getShort();
            case INT8 -> values.get();
            case UINT8, BOOL -> Byte.toUnsignedInt(values.get());
        };
    }

    @Override
    public void close() {
        cells.close();
    }
}
