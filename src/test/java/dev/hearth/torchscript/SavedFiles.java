package dev.hearth.torchscript;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files that {@code src/test/oracle/files.py} has PyTorch write, and what it says is in them.
 */
public final class SavedFiles {

    private SavedFiles() {}

    /** What is known of a tensor. */
    record Expected(List<Long> shape, String dtype, ByteBuffer values) {}

    public static byte[] bytes(String name) {
        try (InputStream in = SavedFiles.class.getResourceAsStream("/files/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public static JsonNode json(String name) {
        return JsonMapper.shared().readTree(bytes(name));
    }

    static Map<String, Map<String, Expected>> expected() {
        var files = new LinkedHashMap<String, Map<String, Expected>>();
        json("expected.json")
                .properties()
                .forEach(file -> {
                    var tensors = new LinkedHashMap<String, Expected>();
                    file.getValue()
                            .properties()
                            .forEach(tensor ->
                                    tensors.put(tensor.getKey(), expected(tensor.getValue())));
                    files.put(file.getKey(), tensors);
                });
        return files;
    }

    private static Expected expected(JsonNode tensor) {
        return new Expected(
                StreamSupport.stream(tensor.get("shape").spliterator(), false)
                        .map(JsonNode::longValue)
                        .toList(),
                tensor.get("dtype").stringValue(),
                ByteBuffer.wrap(Base64.getDecoder().decode(tensor.get("values").stringValue())));
    }
}
