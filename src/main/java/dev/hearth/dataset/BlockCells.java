package dev.hearth.dataset;

import dev.hearth.problem.ProblemException;
import dev.hearth.tensorfile.MappedBytes;
import dev.hearth.tensorfile.SafetensorsReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The cells of a column of images or tensors, one at a time, in the file that {@link Block}
 * describes. It is mapped and not read, and of use to the thread that opened it.
 */
public final class BlockCells implements AutoCloseable {

    private final MappedBytes file;
    private final Block block;
    private final Map<String, SafetensorsReader.Entry> tensors;

    private BlockCells(MappedBytes file, Block block) {
        this.file = file;
        this.block = block;
        this.tensors = SafetensorsReader.read(file).tensors();
    }

    static BlockCells open(Path path, Block block) throws IOException {
        MappedBytes file = MappedBytes.map(path);
        try {
            return new BlockCells(file, block);
        } catch (ProblemException e) {
            file.close();
            // Nobody sent it: we have written it.
            throw new IllegalStateException("the column's file is not as it was written", e);
        }
    }

    /**
     * The shape of a cell, with the extents that vary.
     *
     * @param row from 0, below the data set's number of rows
     */
    public List<Long> shape(long row) {
        if (block.isUniform()) {
            return block.shape();
        }
        long size = position("sizes") + row * 2 * Long.BYTES;
        return List.of(block.shape().getFirst(), file.longAt(size), file.longAt(size + Long.BYTES));
    }

    /** A cell's values, row-major, little-endian: a view that ends with this object. */
    public ByteBuffer values(long row) {
        long bytes = shape(row).stream().reduce((long) block.dtype().size, Math::multiplyExact);
        long begin =
                block.isUniform()
                        ? row * bytes
                        : file.longAt(position("offsets") + row * Long.BYTES) * block.dtype().size;
        return file.view(position("values") + begin, Math.toIntExact(bytes));
    }

    private long position(String tensor) {
        return Objects.requireNonNull(tensors.get(tensor), tensor).position();
    }

    @Override
    public void close() {
        file.close();
    }
}
