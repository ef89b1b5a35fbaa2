package dev.hearth.dataset;

import dev.hearth.dataset.image.ImageMode;
import dev.hearth.dataset.image.Picture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The pictures of a column, read one at a time. */
final class ImageCells implements AutoCloseable {

    private final BlockCells cells;

    private ImageCells(BlockCells cells) {
        this.cells = cells;
    }

    static ImageCells open(Path path, Block block) throws IOException {
        return new ImageCells(BlockCells.open(path, block));
    }

    /**
     * @param row from 0, below the data set's number of rows
     */
    Picture at(long row) {
        List<Long> shape = cells.shape(row);
        int channels = Math.toIntExact(shape.getFirst());
        ImageMode mode =
                Arrays.stream(ImageMode.values())
                        .filter(each -> each.channels() == channels)
                        .findFirst()
                        .orElseThrow(() ->
                                new IllegalStateException("pictures of " + channels + " channels"));
        var values = cells.values(row);
        var copy = new byte[values.remaining()];
        values.get(copy);
        return new Picture(
                mode, Math.toIntExact(shape.get(1)), Math.toIntExact(shape.get(2)), copy);
    }

    @Override
    public void close() {
        cells.close();
    }
}
