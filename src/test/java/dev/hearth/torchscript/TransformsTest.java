package dev.hearth.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.spec.Picture;
import dev.hearth.spec.TransformLists;
import dev.hearth.spec.TransformSpec;
import dev.hearth.spec.Transforms;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Transforms against torchvision 0.22, with references that {@code src/test/oracle/transforms.py}
 * makes. With {@code -Dhearth.transforms.report=FILE} the differences are written as a table.
 */
class TransformsTest {

    /** Of a float picture; a grey level is 1/255. */
    private static final double FLOAT_TOLERANCE = 2e-6;

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Map<String, Double> DIFFERENCES = new LinkedHashMap<>();

    /** A case, and what torchvision made of its pictures. */
    record Case(String name, JsonNode transforms, List<JsonNode> references) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() throws IOException {
        JsonNode references = read("references.json");
        return read("cases.json")
                .valueStream()
                .map(node -> {
                    String name = node.get("name").stringValue();
                    return new Case(
                            name,
                            node.get("transforms"),
                            references
                                    .valueStream()
                                    .filter(each -> each.get("name").stringValue().equals(name))
                                    .toList());
                });
    }

    private static JsonNode read(String name) throws IOException {
        try (var in = TransformsTest.class.getResourceAsStream("/transforms/" + name)) {
            return JSON.readTree(in);
        }
    }

    @AfterAll
    static void report() throws IOException {
        String file = System.getProperty("hearth.transforms.report");
        if (file == null) {
            return;
        }
        var table = new StringBuilder("| transforms | largest difference |\n| --- | --- |\n");
        DIFFERENCES.forEach((name, difference) ->
                table.append(
                        "| %s | %s |%n"
                                .formatted(
                                        name,
                                        difference == 0
                                                ? "the same bits"
                                                : "%.1e".formatted(difference))));
        Files.writeString(Path.of(file), table);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void makesOfAPictureWhatTorchvisionMakes(Case each) {
        Transforms transforms = TransformLists.read(each.transforms());
        assertThat(each.references()).isNotEmpty();
        for (JsonNode reference : each.references()) {
            List<Long> shape = longs(reference.get("shape"));
            var in =
                    new Picture(
                            shape.get(0),
                            OptionalLong.of(shape.get(1)),
                            OptionalLong.of(shape.get(2)),
                            false);
            Picture out = TransformLists.after(in, transforms);
            try (var program = new TransformPrograms(in, list(transforms.train()))) {
                var result =
                        program.apply(
                                base64(reference.get("picture")),
                                shape,
                                reference.get("seed").longValue());
                assertThat(result.shape()).isEqualTo(longs(reference.get("result_shape")));
                assertThat(out.channels()).isEqualTo(result.shape().get(0));
                if (out.isSized()) {
                    assertThat(List.of(out.height().getAsLong(), out.width().getAsLong()))
                            .isEqualTo(result.shape().subList(1, 3));
                }
                boolean isFloat = reference.get("result_type").stringValue().equals("float32");
                assertThat(out.isFloat()).isEqualTo(isFloat);
                double difference = difference(result.values(), expected(reference, isFloat));
                DIFFERENCES.merge(each.name(), difference, Math::max);
                assertThat(difference).isLessThanOrEqualTo(isFloat ? FLOAT_TOLERANCE : 1);
            }
        }
    }

    /** What is not random does the same to a batch as to each of its pictures. */
    @ParameterizedTest
    @MethodSource("cases")
    void withoutChanceABatchBecomesWhatItsPicturesBecome(Case each) {
        Transforms transforms = TransformLists.read(each.transforms());
        var channels = longs(each.references().getFirst().get("shape")).getFirst();
        var in = new Picture(channels, OptionalLong.of(16), OptionalLong.of(14), false);
        var bytes = new byte[Math.toIntExact(3 * channels * 16 * 14)];
        new Random(1).nextBytes(bytes);
        try (var program = new TransformPrograms(in, list(transforms.eval()))) {
            var batch = program.apply(bytes, List.of(3L, channels, 16L, 14L), 0);
            int size = bytes.length / 3;
            int outSize = batch.values().length / 3;
            for (int i = 0; i < 3; i++) {
                var one =
                        program.apply(
                                Arrays.copyOfRange(bytes, i * size, (i + 1) * size),
                                List.of(channels, 16L, 14L),
                                0);
                assertThat(batch.shape().subList(1, 4)).isEqualTo(one.shape());
                assertThat(Arrays.copyOfRange(batch.values(), i * outSize, (i + 1) * outSize))
                        .isEqualTo(one.values());
            }
        }
    }

    @Test
    void flipsAndCropsAreDrawnEvenly() {
        var in = new Picture(1, OptionalLong.of(1), OptionalLong.of(8), false);
        var picture = new byte[] {0, 1, 2, 3, 4, 5, 6, 7};
        int flips = 0;
        var places = new int[5];
        List<TransformSpec> transforms =
                List.of(
                        new TransformSpec.RandomHorizontalFlip(0.25),
                        new TransformSpec.RandomCrop(
                                new TransformSpec.Size(1, 4),
                                TransformSpec.Padding.NONE,
                                false,
                                0,
                                TransformSpec.PaddingMode.CONSTANT));
        int draws = 4000;
        try (var program = new TransformPrograms(in, transforms)) {
            for (int seed = 0; seed < draws; seed++) {
                float[] values = program.apply(picture, List.of(1L, 1L, 8L), seed).values();
                boolean isFlipped = values[0] > values[1];
                flips += isFlipped ? 1 : 0;
                places[(int) (isFlipped ? 7 - values[0] : values[0])]++;
            }
        }
        // Four standard deviations of a binomial distribution.
        assertThat((double) flips / draws).isBetween(0.25 - 0.0274, 0.25 + 0.0274);
        for (int place : places) {
            assertThat((double) place / draws).isBetween(0.2 - 0.0253, 0.2 + 0.0253);
        }
    }

    private static List<TransformSpec> list(List<Transforms.Placed> placed) {
        return placed.stream().map(Transforms.Placed::transform).toList();
    }

    private static double difference(float[] found, float[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        double largest = 0;
        for (int i = 0; i < found.length; i++) {
            largest = Math.max(largest, Math.abs(found[i] - expected[i]));
        }
        return largest;
    }

    private static float[] expected(JsonNode reference, boolean isFloat) {
        byte[] bytes = base64(reference.get("result"));
        if (!isFloat) {
            var values = new float[bytes.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = Byte.toUnsignedInt(bytes[i]);
            }
            return values;
        }
        var floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        var values = new float[floats.remaining()];
        floats.get(values);
        return values;
    }

    private static byte[] base64(JsonNode node) {
        return Base64.getDecoder().decode(node.stringValue());
    }

    private static List<Long> longs(JsonNode node) {
        return node.valueStream().map(JsonNode::longValue).toList();
    }
}
