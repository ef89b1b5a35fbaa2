package dev.hearth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The same seed, data and specification make the same model as PyTorch, through the interface. */
@HearthTest
class ParityTest {

    @Autowired Client client;

    @ParameterizedTest
    @MethodSource("dev.hearth.ParityReference#all")
    void aRunIsPyTorchsOwn(ParityReference parity) {
        var service = new Service(client);
        JsonNode run = service.train(parity.request(), service.uploadSample(parity.data()));

        JsonNode epochs =
                client.get("/v1/runs/" + run.get("id").stringValue() + "/metrics")
                        .json()
                        .get("items");
        assertCurve(epochs, "train_loss", parity.curve("train_loss"));
        assertCurve(epochs, "validation_loss", parity.curve("validation_loss"));
        assertParameters(run, parity);
    }

    private static void assertCurve(JsonNode epochs, String metric, double[] expected) {
        double[] actual =
                epochs.valueStream()
                        .mapToDouble(epoch -> epoch.get("metrics").get(metric).doubleValue())
                        .toArray();
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i])
                    .as("%s of epoch %d", metric, i + 1)
                    .isCloseTo(expected[i], within(1e-6 * Math.abs(expected[i])));
        }
    }

    /** The last bits may differ on a processor for which the library picks other kernels. */
    private void assertParameters(JsonNode run, ParityReference parity) {
        byte[] file =
                client.get(run.get("model").get("url").stringValue() + "/files/model.safetensors")
                        .body();
        var buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int headerLength = (int) buffer.getLong();
        JsonNode header =
                JsonMapper.shared()
                        .readTree(new String(file, 8, headerLength, StandardCharsets.UTF_8));
        var expected = parity.parameters("final");
        expected.forEach((name, bytes) -> {
            JsonNode offsets = header.get(name).get("data_offsets");
            int begin = 8 + headerLength + offsets.get(0).intValue();
            int end = 8 + headerLength + offsets.get(1).intValue();
            byte[] actual = Arrays.copyOfRange(file, begin, end);
            assertThat(floats(actual)).as(name).hasSameSizeAs(floats(bytes));
            assertThat(largestDifference(floats(actual), floats(bytes))).as(name).isLessThan(1e-5);
        });
    }

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
