package dev.hearth.dataset;

import dev.hearth.dataset.image.ImageMode;
import dev.hearth.dataset.image.Picture;
import dev.hearth.problem.ProblemException;
import dev.hearth.tensorfile.MappedBytes;
import dev.hearth.tensorfile.SafetensorsReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/** The pictures of a column, read one at a time from the file that {@link Block} describes. */
final class ImageCells implements AutoCloseable {

    private final MappedBytes file;
    private final Block block;
    private final Map<String, SafetensorsReader.Entry> tensors;

    private ImageCells(MappedBytes file, Block block) {
        this.file = file;
        this.block = block;
        this.tensors = SafetensorsReader.read(file).tensors();
    }

    static ImageCells open(Path path, Block block) throws IOException {
        MappedBytes file = MappedBytes.map(path);
        try {
            return new ImageCells(file, block);
        } catch (ProblemException e) {
            file.close();
            // Nobody sent it: we have written it.
            throw new IllegalStateException("the pictures' file is not as it was written", e);
        }
    }

    /**
     * @param row from 0, below the data set's number of rows
     */
    Picture at(long row) {
        int channels = Math.toIntExact(block.shape().getFirst());
        ImageMode mode =
                Arrays.stream(ImageMode.values())
                        .filter(each -> each.channels() == channels)
                        .findFirst()
                        .orElseThrow(() ->
                                new IllegalStateException("pictures of " + channels + " channels"));
        if (block.isUniform()) {
            int height = Math.toIntExact(block.shape().get(1));
            int width = Math.toIntExact(block.shape().get(2));
            int bytes = channels * height * width;
            return new Picture(
                    mode, height, width, file.copy(position("values") + row * bytes, bytes));
        }
        long size = position("sizes") + row * 2 * Long.BYTES;
        int height = Math.toIntExact(file.longAt(size));
        int width = Math.toIntExact(file.longAt(size + Long.BYTES));
        long offset = file.longAt(position("offsets") + row * Long.BYTES);
        return new Picture(
                mode,
                height,
                width,
                file.copy(position("values") + offset, channels * height * width));
    }

    private long position(String tensor) {
        return Objects.requireNonNull(tensors.get(tensor), tensor).position();
    }

    @Override
    public void close() {
        file.close();
    }
}
