package dev.hearth.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.json.JsonMapper;

/** Writes safetensors files from their front to their end. */
final class BlockFile {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private BlockFile() {}

    /** A tensor to come. */
    record Tensor(Block.Dtype dtype, List<Long> shape) {

        long bytes() {
            long bytes = dtype.bytes();
            for (long extent : shape) {
                bytes = Math.multiplyExact(bytes, extent);
            }
            return bytes;
        }
    }

    /** Writes the header; the tensors' bytes follow in this order, without holes. */
    static void writeHeader(FileChannel file, SequencedMap<String, Tensor> tensors)
            throws IOException {
        var described = new LinkedHashMap<String, Object>();
        long begin = 0;
        for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            long end = Math.addExact(begin, tensor.getValue().bytes());
            var description = new LinkedHashMap<String, Object>();
            description.put("dtype", tensor.getValue().dtype().name());
            description.put("shape", tensor.getValue().shape());
            description.put("data_offsets", List.of(begin, end));
            described.put(tensor.getKey(), description);
            begin = end;
        }
        String json = JSON.writeValueAsString(described);
        byte[] header =
                (json + " ".repeat(Math.floorMod(-json.length(), Long.BYTES)))
                        .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes =
                ByteBuffer.allocate(Long.BYTES + header.length).order(ByteOrder.LITTLE_ENDIAN);
        write(file, bytes.putLong(header.length).put(header).flip());
    }

    static void write(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }
}
