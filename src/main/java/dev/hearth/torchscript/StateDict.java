package dev.hearth.torchscript;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model's parameters by PyTorch's names, in PyTorch's order.
 *
 * @param tensors by name, such as {@code 0.weight}
 */
public record StateDict(SequencedMap<String, TensorData> tensors) {

    public StateDict {
        tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
    }

    /** Tensors in the order of their names. */
    static StateDict of(List<String> names, List<TensorData> values) {
        var tensors = new LinkedHashMap<String, TensorData>();
        for (int i = 0; i < names.size(); i++) {
            tensors.put(names.get(i), values.get(i));
        }
        return new StateDict(tensors);
    }

    /**
     * @throws IllegalArgumentException unless names, types and shapes are those of {@code other}
     */
    void requireFormOf(StateDict other) {
        if (!form().equals(other.form())) {
            throw new IllegalArgumentException(
                    "expected tensors of the form %s, got %s".formatted(other.form(), form()));
        }
    }

    private List<String> form() {
        return tensors.entrySet().stream()
                .map(entry ->
                        entry.getKey() + " " + entry.getValue().type() + entry.getValue().shape())
                .toList();
    }

    /** The tensor of that name. */
    public TensorData tensor(String name) {
        TensorData tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no '" + name + "' among " + tensors.keySet());
        }
        return tensor;
    }

    /**
     * Writes what {@code torch.save(module.state_dict(), …)} writes; {@code torch.load} reads it.
     */
    public void writePt(OutputStream out) throws IOException {
        var pickle = new Pickle().orderedDict().mark();
        tensors.forEach((name, tensor) -> pickle.string(name).tensor(tensor, false));
        pickle.setItems();
        try (var zip = new TorchZip(out, "archive")) {
            zip.addPickle("data", pickle).add("byteorder", "little").add("version", "3\n");
        }
    }

    /**
     * Writes the safetensors format: an 8-byte little-endian length, a JSON header, and the tensors
     * without gaps. The header is padded with spaces so that the tensors are aligned to 8 bytes.
     */
    public void writeSafetensors(OutputStream out) throws IOException {
        writeSafetensors(out, Map.of("format", "pt"));
    }

    /**
     * @param metadata texts that the file tells beside its tensors
     */
    public void writeSafetensors(OutputStream out, Map<String, String> metadata)
            throws IOException {
        byte[] header = safetensorsHeader(metadata).getBytes(StandardCharsets.UTF_8);
        int padded = Math.ceilDiv(header.length, 8) * 8;
        var length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).flip();
        var channel = Channels.newChannel(out);
        channel.write(length);
        out.write(header);
        out.write(" ".repeat(padded - header.length).getBytes(StandardCharsets.UTF_8));
        for (TensorData tensor : tensors.values()) {
            channel.write(tensor.bytes().duplicate());
        }
        out.flush();
    }

    // Names are module paths and parameter names, so nothing in them needs escaping in JSON.
    private String safetensorsHeader(Map<String, String> metadata) {
        var header = new StringBuilder("{\"__metadata__\":");
        header.append(JsonMapper.shared().writeValueAsString(new TreeMap<>(metadata)));
        long offset = 0;
        for (Map.Entry<String, TensorData> entry : tensors.entrySet()) {
            TensorData tensor = entry.getValue();
            long end = offset + tensor.bytes().remaining();
            header.append(
                    ",\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                            .formatted(
                                    entry.getKey(),
                                    tensor.type().safetensorsName,
                                    tensor.shape().toString().replace(" ", ""),
                                    offset,
                                    end));
            offset = end;
        }
        return header.append('}').toString();
    }
}
