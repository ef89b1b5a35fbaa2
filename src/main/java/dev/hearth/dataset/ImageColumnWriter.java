package dev.hearth.dataset;

import dev.hearth.dataset.image.ImageMode;
import dev.hearth.dataset.image.Picture;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.storage.Scratch;
import dev.hearth.tensorfile.ElementType;
import dev.hearth.tensorfile.SafetensorsHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Writes pictures as they come, and turns them into a column's file at the end, when it is known
 * whether all are of one size and one mode. Closing deletes what was not finished.
 */
final class ImageColumnWriter implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 18;

    private final Scratch scratch;
    private final long mostBytes;
    private final PreparationProgress progress;
    private final Path values;
    private final FileChannel out;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private final BitSet colourful = new BitSet();
    private int[] heights = new int[64];
    private int[] widths = new int[64];
    private long[] hashes = new long[64];
    private int rows;
    private long bytes;

    /**
     * @param mostBytes of all pictures' values
     * @param progress is told what they take
     */
    ImageColumnWriter(Scratch scratch, long mostBytes, PreparationProgress progress)
            throws IOException {
        this.progress = progress;
        this.scratch = scratch;
        this.mostBytes = mostBytes;
        this.values = scratch.newFile();
        this.out = FileChannel.open(values, StandardOpenOption.WRITE);
    }

    void add(Picture picture, long hash) throws IOException {
        if (rows == heights.length) {
            heights = Arrays.copyOf(heights, rows * 2);
            widths = Arrays.copyOf(widths, rows * 2);
            hashes = Arrays.copyOf(hashes, rows * 2);
        }
        heights[rows] = picture.height();
        widths[rows] = picture.width();
        hashes[rows] = hash;
        colourful.set(rows, picture.mode() == ImageMode.RGB);
        rows++;
        byte[] each = picture.values();
        bytes += each.length;
        if (bytes > mostBytes) {
            throw new ProblemException(
                    ProblemCode.BODY_TOO_LARGE,
                    "the pictures take more than %,d bytes when they are decoded, which is the most that"
                                    .formatted(mostBytes)
                            + " this service takes; make them smaller, or send fewer");
        }
        progress.takes(each.length);
        if (each.length > buffer.remaining()) {
            flush();
        }
        if (each.length > buffer.capacity()) {
            BlockFile.write(out, ByteBuffer.wrap(each));
        } else {
            buffer.put(each);
        }
    }

    int rows() {
        return rows;
    }

    private void flush() throws IOException {
        BlockFile.write(out, buffer.flip());
        buffer.clear();
    }

    /**
     * The column's file, for the caller to delete.
     *
     * @param wanted the mode of all pictures; by default grey where all are grey
     */
    ImageColumn finish(Optional<ImageMode> wanted, PixelStatistics statistics) throws IOException {
        flush();
        ImageMode mode = wanted.orElse(colourful.isEmpty() ? ImageMode.L : ImageMode.RGB);
        boolean isUniform =
                IntStream.range(1, rows)
                        .allMatch(row -> heights[row] == heights[0] && widths[row] == widths[0]);
        Path file = scratch.newFile();
        try (var in = FileChannel.open(values, StandardOpenOption.READ);
                var target = FileChannel.open(file, StandardOpenOption.WRITE)) {
            writeHeader(target, mode, isUniform);
            if (mode == ImageMode.RGB && colourful.cardinality() < rows) {
                copyInColour(in, target);
            } else {
                for (long at = 0; at < bytes; ) {
                    at += in.transferTo(at, bytes - at, target);
                }
            }
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        var shape =
                isUniform
                        ? List.of((long) mode.channels(), (long) heights[0], (long) widths[0])
                        : List.of((long) mode.channels(), Block.VARIES, Block.VARIES);
        return new ImageColumn(
                file,
                new Block(ElementType.UINT8, shape),
                mode,
                Arrays.copyOf(heights, rows),
                Arrays.copyOf(widths, rows),
                Arrays.copyOf(hashes, rows),
                statistics);
    }

    private void writeHeader(FileChannel target, ImageMode mode, boolean isUniform)
            throws IOException {
        var tensors = new LinkedHashMap<String, SafetensorsHeader.Tensor>();
        if (isUniform) {
            tensors.put(
                    "values",
                    new SafetensorsHeader.Tensor(
                            ElementType.UINT8,
                            List.of(
                                    (long) rows,
                                    (long) mode.channels(),
                                    (long) heights[0],
                                    (long) widths[0])));
            BlockFile.writeHeader(target, tensors);
            return;
        }
        ByteBuffer offsets = little((rows + 1L) * Long.BYTES);
        ByteBuffer sizes = little(rows * 2L * Long.BYTES);
        long end = 0;
        offsets.putLong(end);
        for (int row = 0; row < rows; row++) {
            end += (long) mode.channels() * heights[row] * widths[row];
            offsets.putLong(end);
            sizes.putLong(heights[row]).putLong(widths[row]);
        }
        tensors.put("offsets", new SafetensorsHeader.Tensor(ElementType.INT64, List.of(rows + 1L)));
        tensors.put(
                "sizes", new SafetensorsHeader.Tensor(ElementType.INT64, List.of((long) rows, 2L)));
        tensors.put("values", new SafetensorsHeader.Tensor(ElementType.UINT8, List.of(end)));
        BlockFile.writeHeader(target, tensors);
        BlockFile.write(target, offsets.flip());
        BlockFile.write(target, sizes.flip());
    }

    private static ByteBuffer little(long size) {
        return ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Grey pictures among colourful ones are written three times. */
    private void copyInColour(FileChannel in, FileChannel target) throws IOException {
        for (int row = 0; row < rows; row++) {
            int channels = colourful.get(row) ? ImageMode.RGB.channels() : ImageMode.L.channels();
            ByteBuffer picture =
                    ByteBuffer.allocate(
                            Math.multiplyExact(
                                    channels, Math.multiplyExact(heights[row], widths[row])));
            while (picture.hasRemaining()) {
                if (in.read(picture) < 0) {
                    throw new IOException("the pictures' file is shorter than what was written");
                }
            }
            int copies = ImageMode.RGB.channels() / channels;
            for (int copy = 0; copy < copies; copy++) {
                BlockFile.write(target, picture.rewind());
            }
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
        Files.deleteIfExists(values);
    }
}
