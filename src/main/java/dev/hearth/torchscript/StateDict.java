package dev.hearth.torchscript;

import dev.hearth.tensorfile.SafetensorsHeader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

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

    /** Writes the safetensors format. */
    public void writeSafetensors(OutputStream out) throws IOException {
        writeSafetensors(out, Map.of("format", "pt"));
    }

    /**
     * @param metadata texts that the file tells beside its tensors
     */
    public void writeSafetensors(OutputStream out, Map<String, String> metadata)
            throws IOException {
        var described = new LinkedHashMap<String, SafetensorsHeader.Tensor>();
        tensors.forEach((name, tensor) ->
                described.put(
                        name, new SafetensorsHeader.Tensor(tensor.type().element, tensor.shape())));
        out.write(SafetensorsHeader.of(described, new TreeMap<>(metadata)).bytes());
        var channel = Channels.newChannel(out);
        for (TensorData tensor : tensors.values()) {
            channel.write(tensor.bytes().duplicate());
        }
        out.flush();
    }
}
