package dev.hearth;

import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What PyTorch made of a specification; written by {@code src/test/oracle/parity.py}, and of
 * pictures by {@code picture_parity.py}.
 *
 * @param data the name of a sample
 * @param request without its data set
 */
public record ParityReference(String name, String data, JsonNode request, JsonNode reference) {

    public static final List<String> NAMES =
            List.of(
                    "iris-mlp",
                    "iris-dropout",
                    "diabetes-sgd",
                    "breast-cancer-logistic",
                    "breast-cancer-probability",
                    "digits-wide");

    /** Those of tables. */
    public static Stream<ParityReference> all() {
        return NAMES.stream().map(ParityReference::load);
    }

    /** Those of pictures, with transforms that draw random numbers. */
    public static Stream<ParityReference> ofPictures() {
        return Stream.of("pictures-cnn", "pictures-augmented").map(ParityReference::load);
    }

    private static ParityReference load(String name) {
        JsonNode specification = json(name + ".json");
        return new ParityReference(
                name,
                specification.get("data").stringValue(),
                specification.get("request"),
                json(name + ".reference.json"));
    }

    private static JsonNode json(String file) {
        try (InputStream in = ParityReference.class.getResourceAsStream("/parity/" + file)) {
            return JsonMapper.shared().readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The raw bytes of each parameter; {@code which} is {@code initial} or {@code final}. */
    public Map<String, byte[]> parameters(String which) {
        var parameters = new LinkedHashMap<String, byte[]>();
        reference
                .get(which)
                .properties()
                .forEach(entry ->
                        parameters.put(
                                entry.getKey(),
                                Base64.getDecoder().decode(entry.getValue().stringValue())));
        return parameters;
    }

    /** One value for each epoch; {@code which} is {@code train_loss} or {@code validation_loss}. */
    public double[] curve(String which) {
        return reference
                .get(which)
                .valueStream()
                .mapToDouble(hex ->
                        Double.longBitsToDouble(HexFormat.fromHexDigitsToLong(hex.stringValue())))
                .toArray();
    }

    @Override
    public String toString() {
        return name;
    }
}
