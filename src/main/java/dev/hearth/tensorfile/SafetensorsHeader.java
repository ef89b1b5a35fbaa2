package dev.hearth.tensorfile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * What stands before the tensors of a safetensors file that we write: eight bytes of length, and
 * the JSON that {@link SafetensorsReader} reads, padded with spaces to a multiple of eight bytes.
 * The tensors follow in the order that they have here, without gaps. So each is aligned to its
 * elements, where those of wider elements come first.
 */
public final class SafetensorsHeader {

    /** A tensor to come, row-major. */
    public record Tensor(ElementType type, List<Long> shape) {

        public Tensor {
            shape = List.copyOf(shape);
        }

        long bytes() {
            return shape.stream().reduce((long) type.size, Math::multiplyExact);
        }
    }

    private final byte[] bytes;
    private final SequencedMap<String, SafetensorsReader.Entry> tensors;

    private SafetensorsHeader(byte[] bytes, SequencedMap<String, SafetensorsReader.Entry> tensors) {
        this.bytes = bytes;
        this.tensors = Collections.unmodifiableSequencedMap(tensors);
    }

    /** Without metadata. */
    public static SafetensorsHeader of(SequencedMap<String, Tensor> tensors) {
        return of(tensors, new LinkedHashMap<>());
    }

    /**
     * @param metadata texts that the file tells beside its tensors; left out where there are none
     */
    public static SafetensorsHeader of(
            SequencedMap<String, Tensor> tensors, SequencedMap<String, String> metadata) {
        var described = new LinkedHashMap<String, Object>();
        if (!metadata.isEmpty()) {
            described.put(SafetensorsReader.METADATA, metadata);
        }
        long begin = 0;
        for (Map.Entry<String, Tensor> each : tensors.entrySet()) {
            long end = Math.addExact(begin, each.getValue().bytes());
            var description = new LinkedHashMap<String, Object>();
            description.put("dtype", each.getValue().type().safetensorsName());
            description.put("shape", each.getValue().shape());
            description.put("data_offsets", List.of(begin, end));
            described.put(each.getKey(), description);
            begin = end;
        }
        byte[] json = JsonMapper.shared().writeValueAsBytes(described);
        int length = Math.ceilDiv(json.length, Long.BYTES) * Long.BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(length).put(json);
        bytes.put(" ".repeat(length - json.length).getBytes(StandardCharsets.US_ASCII));
        return new SafetensorsHeader(bytes.array(), placed(tensors, bytes.capacity()));
    }

    private static SequencedMap<String, SafetensorsReader.Entry> placed(
            SequencedMap<String, Tensor> tensors, long first) {
        var placed = new LinkedHashMap<String, SafetensorsReader.Entry>();
        long position = first;
        for (Map.Entry<String, Tensor> each : tensors.entrySet()) {
            Tensor tensor = each.getValue();
            placed.put(
                    each.getKey(),
                    new SafetensorsReader.Entry(tensor.type(), tensor.shape(), position));
            position = Math.addExact(position, tensor.bytes());
        }
        return placed;
    }

    /** All that stands before the first tensor. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Where the tensors will be in the file. */
    public SequencedMap<String, SafetensorsReader.Entry> tensors() {
        return tensors;
    }
}
