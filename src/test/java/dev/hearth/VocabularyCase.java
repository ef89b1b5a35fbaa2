package dev.hearth;

import dev.hearth.torchscript.TensorData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A small specification about one word of the language, with what PyTorch makes of it; the
 * references are written by {@code src/test/oracle/vocabulary.py}, which also says what is in them.
 *
 * @param name family and name, such as {@code layers/Conv2d-same}
 * @param word as it is written in a specification
 */
public record VocabularyCase(String name, String word, JsonNode specification, Path reference) {

    private static final Path FOLDER = Path.of("src/test/resources/vocabulary");
    private static final String CASE = ".json";

    public static Stream<VocabularyCase> all() {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            List<Path> cases =
                    files.filter(file -> file.toString().endsWith(CASE)).sorted().toList();
            return cases.stream().map(VocabularyCase::load);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static VocabularyCase load(Path file) {
        String path = FOLDER.relativize(file).toString();
        String name = path.substring(0, path.length() - CASE.length());
        try {
            JsonNode json = JsonMapper.shared().readTree(Files.readString(file));
            return new VocabularyCase(
                    name,
                    json.get("word").stringValue(),
                    json.get("specification"),
                    FOLDER.resolve(name + ".reference.safetensors"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder that the case is in, such as {@code layers}. */
    public String family() {
        return name.substring(0, name.indexOf('/'));
    }

    /** What PyTorch made, by the names that the oracle gave. */
    public SequencedMap<String, TensorData> expected() {
        try {
            byte[] file = Files.readAllBytes(reference);
            int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
            String text = new String(file, Long.BYTES, length, StandardCharsets.UTF_8);
            JsonNode header = JsonMapper.shared().readTree(text);
            var tensors = new LinkedHashMap<String, TensorData>();
            header.properties()
                    .forEach(entry ->
                            tensors.put(
                                    entry.getKey(),
                                    tensor(entry.getValue(), file, Long.BYTES + length)));
            return tensors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TensorData tensor(JsonNode header, byte[] file, int start) {
        int begin = start + header.get("data_offsets").get(0).intValue();
        int end = start + header.get("data_offsets").get(1).intValue();
        TensorData.Type type =
                switch (header.get("dtype").stringValue()) {
                    case "F32" -> TensorData.Type.FLOAT32;
                    case "F64" -> TensorData.Type.FLOAT64;
                    case "I64" -> TensorData.Type.INT64;
                    case String other -> throw new IllegalArgumentException(other);
                };
        return new TensorData(
                type,
                header.get("shape").valueStream().map(JsonNode::longValue).toList(),
                ByteBuffer.wrap(Arrays.copyOfRange(file, begin, end)));
    }

    @Override
    public String toString() {
        return name;
    }
}
