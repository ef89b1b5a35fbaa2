package dev.hearth.torchscript;

import dev.hearth.tensorfile.BadFile;
import dev.hearth.tensorfile.MappedBytes;
import dev.hearth.torchscript.PickleValue.Dict;
import dev.hearth.torchscript.PickleValue.Tensor;
import dev.hearth.torchscript.PickleValue.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Reads the zip file that {@code torch.save(model.state_dict(), …)} writes: a pickle, and a record
 * of bytes for each storage.
 */
final class PtReader {

    private static final String PICKLE = "data.pkl";
    private static final int MOST_PICKLE_BYTES = 32 << 20;
    private static final int NEWEST_VERSION = 10;

    /** Where training scripts keep a state_dict beside other things. */
    private static final List<String> WRAPPINGS =
            List.of("state_dict", "model_state_dict", "model");

    private PtReader() {}

    static TensorFile.Contents read(MappedBytes file) {
        SequencedMap<String, TorchZipReader.Entry> records = TorchZipReader.read(file);
        requireVersion(file, records);
        requireLittleEndian(file, records);
        TorchZipReader.Entry pickle = Objects.requireNonNull(records.get(PICKLE));
        if (pickle.size() > MOST_PICKLE_BYTES) {
            throw BadFile.at(
                    PICKLE,
                    "%d bytes, and the names and sizes of a state_dict take %d at most"
                            .formatted(pickle.size(), MOST_PICKLE_BYTES));
        }
        PickleValue saved =
                PickleMachine.run(
                        new PickleInput(PICKLE, file.view(pickle.position(), (int) pickle.size())),
                        new PickledTensors(file, records));
        return contents(saved);
    }

    private static void requireVersion(
            MappedBytes file, Map<String, TorchZipReader.Entry> records) {
        String version =
                text(file, records, "version")
                        .orElseThrow(() ->
                                BadFile.whole(
                                        "the zip has no record version, so torch.save did not write it"))
                        .strip();
        if (!version.matches("[0-9]{1,4}")
                || Integer.parseInt(version) < 1
                || Integer.parseInt(version) > NEWEST_VERSION) {
            throw BadFile.at(
                    "record version",
                    "expected 1 to %d, got %s".formatted(NEWEST_VERSION, BadFile.quoted(version)));
        }
    }

    private static void requireLittleEndian(
            MappedBytes file, Map<String, TorchZipReader.Entry> records) {
        // Files older than PyTorch 2.1 have no such record, and are little-endian.
        String order = text(file, records, "byteorder").orElse("little");
        if (!order.equals("little")) {
            throw BadFile.at(
                    "record byteorder",
                    "expected 'little', got %s; save the file on a little-endian machine, such as any"
                                    .formatted(BadFile.quoted(order))
                            + " PC");
        }
    }

    private static Optional<String> text(
            MappedBytes file, Map<String, TorchZipReader.Entry> records, String name) {
        return Optional.ofNullable(records.get(name))
                .map(entry ->
                        new String(
                                file.copy(entry.position(), (int) Math.min(entry.size(), 100)),
                                StandardCharsets.ISO_8859_1));
    }

    private static TensorFile.Contents contents(PickleValue saved) {
        if (!(saved instanceof Dict dict)) {
            throw BadFile.whole(
                    "the file holds %s, not a state_dict; save torch.save(model.state_dict(),"
                                    .formatted(saved.kind())
                            + " \"weights.pt\")");
        }
        var notes = new ArrayList<String>();
        SequencedMap<PickleValue.Key, PickleValue> items = unwrapped(dict, notes);
        var tensors = new LinkedHashMap<String, StoredTensor>();
        items.forEach((key, value) -> {
            if (!(key instanceof Text(String name))) {
                throw BadFile.whole(
                        "the state_dict has %s as a key; PyTorch's keys are names"
                                .formatted(key.kind()));
            }
            if (!(value instanceof Tensor(StoredTensor tensor))) {
                throw BadFile.at(
                        BadFile.tensor(name),
                        "expected a tensor, got %s; save the state_dict alone, or under one of the keys"
                                        .formatted(value.kind())
                                + " "
                                + String.join(", ", WRAPPINGS));
            }
            tensors.put(name, tensor);
        });
        if (tensors.isEmpty()) {
            throw BadFile.whole(
                    "the state_dict has no tensors; save torch.save(model.state_dict(),"
                            + " \"weights.pt\")");
        }
        return new TensorFile.Contents(tensors, notes, Map.of());
    }

    private static SequencedMap<PickleValue.Key, PickleValue> unwrapped(
            Dict dict, List<String> notes) {
        if (dict.items().values().stream().allMatch(Tensor.class::isInstance)) {
            return dict.items();
        }
        List<String> found =
                WRAPPINGS.stream()
                        .filter(name -> dict.items().get(new Text(name)) instanceof Dict)
                        .toList();
        if (found.size() > 1) {
            throw BadFile.whole(
                    "the file has a state_dict under each of the keys %s; save one of them alone"
                            .formatted(found));
        }
        if (found.isEmpty()
                || !(dict.items().get(new Text(found.getFirst())) instanceof Dict inner)) {
            return dict.items();
        }
        notes.add("the state_dict was taken from the key '%s'".formatted(found.getFirst()));
        return inner.items();
    }
}
