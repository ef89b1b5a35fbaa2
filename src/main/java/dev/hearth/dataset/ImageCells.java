package dev.hearth.dataset;

import dev.hearth.dataset.image.ImageMode;
import dev.hearth.dataset.image.Picture;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The pictures of a column, read one at a time from the file that {@link Block} describes. */
final class ImageCells implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MOST_HEADER_BYTES = 1 << 20;

    private final FileChannel file;
    private final Block block;
    private final JsonNode header;
    private final long begin;

    private ImageCells(FileChannel file, Block block, JsonNode header, long begin) {
        this.file = file;
        this.block = block;
        this.header = header;
        this.begin = begin;
    }

    static ImageCells open(Path path, Block block) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
        try {
            long headerBytes = read(file, 0, Long.BYTES).getLong();
            if (headerBytes < 2 || headerBytes > MOST_HEADER_BYTES) {
                throw new IllegalStateException("the pictures' file is not as it was written");
            }
            byte[] json = read(file, Long.BYTES, (int) headerBytes).array();
            return new ImageCells(
                    file,
                    block,
                    JSON.readTree(new String(json, StandardCharsets.UTF_8)),
                    Long.BYTES + headerBytes);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * @param row from 0, below the data set's number of rows
     */
    Picture at(long row) throws IOException {
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
                    mode, height, width, read(file, values() + row * bytes, bytes).array());
        }
        ByteBuffer size = read(file, tensor("sizes") + row * 2 * Long.BYTES, 2 * Long.BYTES);
        int height = Math.toIntExact(size.getLong());
        int width = Math.toIntExact(size.getLong());
        long offset = read(file, tensor("offsets") + row * Long.BYTES, Long.BYTES).getLong();
        return new Picture(
                mode,
                height,
                width,
                read(file, values() + offset, channels * height * width).array());
    }

    private long values() {
        return tensor("values");
    }

    private long tensor(String name) {
        return begin + header.get(name).get("data_offsets").get(0).longValue();
    }

    private static ByteBuffer read(FileChannel file, long at, int length) throws IOException {
        var bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, at + bytes.position()) < 0) {
                throw new EOFException("the pictures' file is shorter than its header says");
            }
        }
        return bytes.flip();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
