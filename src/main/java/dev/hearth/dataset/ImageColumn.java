package dev.hearth.dataset;

import dev.hearth.dataset.image.ImageMode;
import java.nio.file.Path;

/**
 * The pictures of a data set, written.
 *
 * @param file as {@link Block} describes it
 * @param heights by row, as are the widths
 * @param hashes by row; see {@link PictureHash}
 */
@SuppressWarnings("ArrayRecordComponent") // as long as the data set, made once
record ImageColumn(
        Path file,
        Block block,
        ImageMode mode,
        int[] heights,
        int[] widths,
        long[] hashes,
        PixelStatistics statistics) {

    int rows() {
        return heights.length;
    }
}
