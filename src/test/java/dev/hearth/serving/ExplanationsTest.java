package dev.hearth.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.model.Target;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.ImportReader;
import dev.hearth.spec.ImportRequest;
import dev.hearth.spec.InputForm;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.LossSpec.Task;
import dev.hearth.spec.TransformSpec;
import dev.hearth.tensorfile.ElementType;
import dev.hearth.torchscript.Cell;
import dev.hearth.torchscript.FloatRows;
import dev.hearth.torchscript.ModelCompiler;
import dev.hearth.torchscript.ServingProgram;
import dev.hearth.torchscript.StateDict;
import dev.hearth.torchscript.TensorData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * Attributions are Captum's: {@code src/test/oracle/explain.py} has written what it makes of the
 * same models. The tolerance is 10⁻⁵ of the largest attribution of a row.
 */
class ExplanationsTest {

    private static final double TOLERANCE = 1e-5;

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    static Stream<Named<JsonNode>> tables() {
        return cases("tables");
    }

    static Stream<Named<JsonNode>> pictures() {
        return cases("pictures");
    }

    private static Stream<Named<JsonNode>> cases(String kind) {
        try (InputStream in = ExplanationsTest.class.getResourceAsStream("/explain.json")) {
            return JSON.readTree(in.readAllBytes())
                    .get(kind)
                    .valueStream()
                    .map(each -> Named.of(each.get("name").stringValue(), each));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void gradientsOfColumnsAreInTheirOwnUnits(JsonNode oracle) {
        requireColumns(oracle, new ExplainMethod.Gradients());
    }

    @ParameterizedTest
    @MethodSource("tables")
    void integratedGradientsOfColumnsAddUpToTheDifferenceFromTheBaseline(JsonNode oracle) {
        List<Explanation> rows =
                requireColumns(
                        oracle,
                        new ExplainMethod.IntegratedGradients(oracle.get("steps").intValue()));

        for (int row = 0; row < rows.size(); row++) {
            Explanation each = rows.get(row);
            double baseline = Objects.requireNonNull(each.baselineOutput());
            double delta = Objects.requireNonNull(each.delta());
            assertThat(baseline)
                    .isCloseTo(oracle.get("baseline_output").get(row).doubleValue(), within(1e-5));
            assertThat(delta).isCloseTo(oracle.get("delta").get(row).doubleValue(), within(1e-5));
            double sum =
                    ((Map<?, ?>) each.attributions())
                            .values().stream().mapToDouble(value -> (Double) value).sum();
            assertThat(sum - delta).isCloseTo(each.output() - baseline, within(1e-6));
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void occlusionHidesAllThatAColumnIsEncodedAs(JsonNode oracle) {
        requireColumns(
                oracle, new ExplainMethod.Occlusion(OptionalInt.empty(), OptionalInt.empty()));
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void pixelsHaveCaptumsAttributions(JsonNode oracle) {
        requirePixels(oracle, new ExplainMethod.Gradients());
        requirePixels(
                oracle, new ExplainMethod.IntegratedGradients(oracle.get("steps").intValue()));
        requirePixels(
                oracle,
                new ExplainMethod.Occlusion(
                        OptionalInt.of(oracle.get("window").intValue()),
                        OptionalInt.of(oracle.get("stride").intValue())));
    }

    private static List<Explanation> requireColumns(JsonNode oracle, ExplainMethod method) {
        var encoding = JSON.treeToValue(oracle.get("encoding"), Encoding.class);
        var rows = tableRows(oracle.get("rows"));

        List<Explanation> found = explain(oracle, encoding, rows, method);

        JsonNode expected = oracle.get(method.type());
        assertThat(found).hasSize(expected.size());
        for (int row = 0; row < found.size(); row++) {
            assertThat(found.get(row).output())
                    .isCloseTo(oracle.get("output").get(row).doubleValue(), within(1e-5));
            var attributions = new LinkedHashMap<String, Double>();
            ((Map<?, ?>) found.get(row).attributions())
                    .forEach((column, value) -> attributions.put((String) column, (Double) value));
            var wanted = new LinkedHashMap<String, Double>();
            expected.get(row)
                    .properties()
                    .forEach(each -> wanted.put(each.getKey(), each.getValue().doubleValue()));
            assertThat(attributions.keySet()).isEqualTo(wanted.keySet());
            double scale = wanted.values().stream().mapToDouble(Math::abs).max().orElseThrow();
            wanted.forEach((column, value) ->
                    assertThat(attributions.get(column))
                            .as(column)
                            .isCloseTo(value, within(TOLERANCE * scale)));
        }
        return found;
    }

    private static void requirePixels(JsonNode oracle, ExplainMethod method) {
        var normalize =
                new TransformSpec.Normalize(
                        List.of(oracle.get("mean").doubleValue()),
                        List.of(oracle.get("std").doubleValue()));
        var input =
                new BlockInput(
                        "image",
                        BlockInput.Kind.IMAGE,
                        ElementType.UINT8,
                        List.of(1L, 8L, 8L),
                        List.of(new TransformSpec.ToTensor(), normalize));

        List<Explanation> found = explain(oracle, input, imageRows(oracle.get("rows")), method);

        JsonNode expected = oracle.get(method.type());
        for (int row = 0; row < found.size(); row++) {
            JsonNode attributions = JSON.valueToTree(found.get(row).attributions());
            double[] numbers = numbers(attributions);
            double[] wanted = numbers(expected.get(row));
            double scale =
                    Stream.of(wanted)
                            .flatMapToDouble(Arrays::stream)
                            .map(Math::abs)
                            .max()
                            .orElseThrow();
            assertThat(attributions.at("/0").size()).isEqualTo(8);
            assertThat(numbers).containsExactly(wanted, within(TOLERANCE * scale));
        }
    }

    private static List<Explanation> explain(
            JsonNode oracle, InputForm input, Rows rows, ExplainMethod method) {
        ImportRequest.ServedModel model =
                new ImportReader(dev.hearth.spec.Limits.DEFAULT)
                        .stored(specification(oracle), input);
        Target target = target(oracle);
        var archive = new ByteArrayOutputStream();
        try {
            new ModelCompiler(model.plan(), input, model.loss())
                    .compile(state(oracle.get("state")), archive);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (var program = ServingProgram.load(archive.toByteArray(), "cpu")) {
            var predictions = Predictions.of(target, predict(program, rows), rows.count());
            var wanted =
                    new ExplainedOutput.Wanted(
                            oracle.path("explain_class").stringValue(null), null);
            var outputs = wanted.of(target, model.loss(), predictions);
            var function =
                    new ScoreFunction(
                            (_, piece) -> piece.apply(program.scores()),
                            model.loss() instanceof LossSpec.CosineEmbeddingLoss);
            var x = function.prepare(rows);
            FloatRows baseline = baseline(oracle).prepared(function, rows, x);
            var attributions = new Attributions(function, x, baseline, outputs);
            return new Explained(
                            method,
                            predictions,
                            outputs,
                            x,
                            Explainer.attributed(method, attributions, input))
                    .rows(input, rows);
        }
    }

    private static Baseline baseline(JsonNode oracle) {
        if (oracle.has("grey")) {
            return new Baseline.Grey(oracle.get("grey").intValue());
        }
        JsonNode own = JSON.createArrayNode().add(oracle.path("baseline"));
        return !oracle.has("baseline")
                ? new Baseline.Zeros()
                : new Baseline.Own(oracle.has("encoding") ? tableRows(own) : imageRows(own));
    }

    private static float[] predict(ServingProgram program, Rows rows) {
        return switch (rows) {
            case Rows.OfTable(double[] raw, int count) -> program.predict(raw, count);
            case Rows.OfBlock(List<Cell> cells) -> program.predict(cells);
        };
    }

    private static JsonNode specification(JsonNode oracle) {
        return oracle.get("specification");
    }

    private static Target target(JsonNode oracle) {
        JsonNode target = oracle.get("target");
        return target == null
                ? new Target(
                        List.of("digit"),
                        Task.CLASSIFICATION,
                        Target.Kind.INTEGER,
                        Stream.iterate(0, i -> i < 10, i -> i + 1).map(String::valueOf).toList())
                : new Target(
                        List.of("y"),
                        Task.valueOf(target.get("task").stringValue()),
                        Target.Kind.CATEGORY,
                        target.get("classes").valueStream().map(JsonNode::stringValue).toList());
    }

    private static StateDict state(JsonNode tensors) {
        var state = new LinkedHashMap<String, TensorData>();
        tensors.properties()
                .forEach(each -> state.put(each.getKey(), tensor(each.getKey(), each.getValue())));
        return new StateDict(state);
    }

    private static TensorData tensor(String name, JsonNode tensor) {
        List<Long> shape = tensor.get("shape").valueStream().map(JsonNode::longValue).toList();
        JsonNode values = tensor.get("values");
        boolean isCount = name.endsWith("num_batches_tracked");
        var bytes =
                ByteBuffer.allocate(values.size() * (isCount ? Long.BYTES : Float.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (JsonNode value : values) {
            if (isCount) {
                bytes.putLong(value.longValue());
            } else {
                bytes.putFloat((float) value.doubleValue());
            }
        }
        return new TensorData(
                isCount ? TensorData.Type.INT64 : TensorData.Type.FLOAT32, shape, bytes.flip());
    }

    private static Rows tableRows(JsonNode rows) {
        var raw =
                rows.valueStream()
                        .flatMap(JsonNode::valueStream)
                        .mapToDouble(cell -> cell.isNull() ? Double.NaN : cell.doubleValue())
                        .toArray();
        return new Rows.OfTable(raw, rows.size());
    }

    private static Rows imageRows(JsonNode rows) {
        var cells = new ArrayList<Cell>();
        for (JsonNode row : rows) {
            double[] pixels = numbers(row);
            var bytes = ByteBuffer.allocate(pixels.length);
            for (double pixel : pixels) {
                bytes.put((byte) (int) pixel);
            }
            cells.add(new Cell(Cell.Type.UINT8, List.of(1L, 8L, 8L), bytes.flip()));
        }
        return new Rows.OfBlock(cells);
    }

    /** Of nested lists, in order. */
    private static double[] numbers(JsonNode node) {
        return node.isNumber()
                ? new double[] {node.doubleValue()}
                : node.valueStream()
                        .flatMapToDouble(each -> Arrays.stream(numbers(each)))
                        .toArray();
    }
}
