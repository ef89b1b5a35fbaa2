package dev.hearth;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The same seed, data and specification make the same model as PyTorch, through the interface. How
 * close each came is written to {@code target/parity.md}.
 */
@HearthTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ParityTest {

    @Autowired Client client;

    private final List<String> table = new ArrayList<>();

    @AfterAll
    void writeTheTable() throws IOException {
        Files.writeString(
                Path.of("target", "parity.md"),
                """
                | specification | training loss | validation loss | final parameters |
                | --- | --- | --- | --- |
                %s
                """
                        .formatted(String.join("\n", table)));
    }

    @ParameterizedTest
    @MethodSource("dev.hearth.ParityReference#all")
    void aRunIsPyTorchsOwn(ParityReference parity) {
        requireParity(parity, new Service(client).uploadSample(parity.data()));
    }

    /** Rotated, cropped, coloured and erased by chance, picture by picture. */
    @ParameterizedTest
    @MethodSource("dev.hearth.ParityReference#ofPictures")
    void aRunOnPicturesIsPyTorchsAndTorchvisionsOwn(ParityReference parity) {
        String dataset =
                client.post("/v1/datasets", "{\"builtin\": \"%s\"}".formatted(parity.data()))
                        .json()
                        .get("id")
                        .stringValue();
        requireParity(parity, dataset);
    }

    private void requireParity(ParityReference parity, String dataset) {
        JsonNode run = new Service(client).train(parity.request(), dataset);

        JsonNode epochs =
                client.get("/v1/runs/" + run.get("id").stringValue() + "/metrics")
                        .json()
                        .get("items");
        table.add(
                "| %s | %s | %s | %s |"
                        .formatted(
                                parity.name(),
                                closeness(losses(epochs, "train_loss"), parity.curve("train_loss")),
                                closeness(
                                        losses(epochs, "validation_loss"),
                                        parity.curve("validation_loss")),
                                closenessOfParameters(run, parity)));
        assertCurve(epochs, "train_loss", parity.curve("train_loss"));
        assertCurve(epochs, "validation_loss", parity.curve("validation_loss"));
        parameters(run, parity)
                .forEach((name, actual) ->
                        assertThat(
                                        largestDifference(
                                                floats(actual),
                                                floats(
                                                        requireNonNull(
                                                                parity.parameters("final")
                                                                        .get(name)))))
                                .as(name)
                                .isLessThan(1e-5));
    }

    private static double[] losses(JsonNode epochs, String metric) {
        return epochs.valueStream()
                .mapToDouble(epoch -> epoch.get("metrics").get(metric).doubleValue())
                .toArray();
    }

    private static void assertCurve(JsonNode epochs, String metric, double[] expected) {
        double[] actual = losses(epochs, metric);
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i])
                    .as("%s of epoch %d", metric, i + 1)
                    .isCloseTo(expected[i], within(1e-6 * Math.abs(expected[i])));
        }
    }

    private static String closeness(double[] actual, double[] expected) {
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(actual[i] / expected[i] - 1));
        }
        return Arrays.equals(actual, expected) ? "bit-identical" : "%.1e".formatted(largest);
    }

    private String closenessOfParameters(JsonNode run, ParityReference parity) {
        double largest = 0;
        for (var parameter : parameters(run, parity).entrySet()) {
            byte[] expected = requireNonNull(parity.parameters("final").get(parameter.getKey()));
            if (!Arrays.equals(parameter.getValue(), expected)) {
                largest =
                        Math.max(
                                largest,
                                largestDifference(floats(parameter.getValue()), floats(expected)));
            }
        }
        return largest == 0 ? "bit-identical" : "%.1e".formatted(largest);
    }

    /** What the service's safetensors file holds, by name. */
    private Map<String, byte[]> parameters(JsonNode run, ParityReference parity) {
        byte[] file =
                client.get(run.get("model").get("url").stringValue() + "/files/model.safetensors")
                        .body();
        var buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int headerLength = (int) buffer.getLong();
        JsonNode header =
                JsonMapper.shared()
                        .readTree(new String(file, 8, headerLength, StandardCharsets.UTF_8));
        var parameters = new LinkedHashMap<String, byte[]>();
        for (String name : parity.parameters("final").keySet()) {
            JsonNode offsets = header.get(name).get("data_offsets");
            int begin = 8 + headerLength + offsets.get(0).intValue();
            int end = 8 + headerLength + offsets.get(1).intValue();
            parameters.put(name, Arrays.copyOfRange(file, begin, end));
        }
        return parameters;
    }

    /** The last bits may differ on a processor for which the library picks other kernels. */
    private static double largestDifference(float[] a, float[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            double scale = Math.max(1, Math.abs(b[i]));
            largest = Math.max(largest, Math.abs((double) a[i] - b[i]) / scale);
        }
        return largest;
    }

    private static float[] floats(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        var floats = new float[buffer.remaining()];
        buffer.get(floats);
        return floats;
    }
}
