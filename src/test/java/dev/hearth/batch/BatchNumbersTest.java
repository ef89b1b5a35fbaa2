package dev.hearth.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import dev.hearth.dataset.Block;
import dev.hearth.dataset.BlockSets;
import dev.hearth.dataset.Column;
import dev.hearth.dataset.ColumnType;
import dev.hearth.tensorfile.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is predicted of a data set is what requests get for the same rows. Rows are computed in
 * other company, hence the tolerance of some units in the last place of a float.
 */
@HearthTest
class BatchNumbersTest {

    private static final double TOLERANCE = 2e-6;

    @Autowired Client client;
    @Autowired ApplicationContext context;
    @TempDir Path folder;

    private BatchCalls calls;
    private Service service;

    @BeforeEach
    void speakToTheService() {
        calls = new BatchCalls(client);
        service = new Service(client);
    }

    @Test
    void rowsOfATableAreWhatRequestsGetAndShowHowWellTheModelDoes() throws IOException {
        var iris = service.uploadSample("iris");
        var model = calls.train(iris, "species", "CrossEntropyLoss", 3);

        var prediction = calls.predict(model, iris, "species");

        var expected =
                BatchCalls.lines(
                        client.post(
                                        "/v1/models/" + model + ":predict",
                                        "text/csv",
                                        sample("iris.csv"),
                                        "Accept",
                                        "text/csv")
                                .text());
        var lines = calls.lines(prediction);
        assertThat(lines).hasSize(150);
        assertThat(lines.getFirst().keySet())
                .containsExactly(
                        "row",
                        "species",
                        "label",
                        "probability setosa",
                        "probability versicolor",
                        "probability virginica",
                        "error");
        assertAlike(lines, expected);
        var right =
                lines.stream()
                        .filter(line -> Objects.equals(line.get("species"), line.get("label")))
                        .count();
        assertThat(prediction.at("/metrics/accuracy").doubleValue()).isEqualTo(right / 150.0);
        assertThat(prediction.get("rows_failed").longValue()).isZero();
        assertThat(prediction.get("rows_done").longValue()).isEqualTo(150);
    }

    @Test
    void numbersHaveTheirMeanErrors() throws IOException {
        var diabetes = service.uploadSample("diabetes");
        var model = calls.train(diabetes, "progression", "MSELoss", 1);

        var prediction = calls.predict(model, diabetes, "progression");

        var lines = calls.lines(prediction);
        assertAlike(
                lines,
                BatchCalls.lines(
                        client.post(
                                        "/v1/models/" + model + ":predict",
                                        "text/csv",
                                        sample("diabetes.csv"),
                                        "Accept",
                                        "text/csv")
                                .text()));
        double absolute = 0;
        double squared = 0;
        for (var line : lines) {
            double error = number(line, "value") - number(line, "progression");
            absolute += Math.abs(error) / lines.size();
            squared += error * error / lines.size();
        }
        assertThat(prediction.at("/metrics/mae").doubleValue()).isCloseTo(absolute, within(1e-9));
        assertThat(prediction.at("/metrics/rmse").doubleValue())
                .isCloseTo(Math.sqrt(squared), within(1e-9));
    }

    @Test
    void imagesOfDigitsAreWhatTheirFilesGet() {
        var digits =
                client.post("/v1/datasets", "{\"builtin\": \"mnist\"}")
                        .json()
                        .get("id")
                        .stringValue();
        var model = service.train(CNN, digits).at("/model/name").stringValue();

        var lines = calls.lines(calls.predict(model, digits, "label"));

        assertThat(lines).hasSize(1000);
        assertThat(lines.getFirst().keySet()).startsWith("row", "dataset label", "label");
        var some = List.of(0, 1, 499, 998, 999);
        var files = new LinkedHashMap<String, byte[]>();
        some.forEach(row ->
                files.put(
                        row + ".png",
                        client.get("/v1/datasets/%s/rows/%d/image.png".formatted(digits, row))
                                .body()));
        var answers =
                client.postFiles("/v1/models/" + model + ":predict", files)
                        .json()
                        .get("predictions");
        for (int i = 0; i < some.size(); i++) {
            var line = lines.get(some.get(i));
            var answer = answers.get(i);
            assertThat(line.get("label")).isEqualTo(answer.get("label").asString());
            answer.get("probabilities")
                    .properties()
                    .forEach(each ->
                            assertThat(number(line, "probability " + each.getKey()))
                                    .isCloseTo(each.getValue().doubleValue(), within(TOLERANCE)));
        }
    }

    @Test
    void tensorsAreWhatTheirNumbersGetAndThoseThatAreNotFiniteAreToldRowByRow() throws IOException {
        var numbers = new ArrayList<double[]>();
        for (int row = 0; row < 40; row++) {
            numbers.add(new double[] {row % 2, row * 0.1, 1 - row % 2, -row * 0.2});
        }
        var trained = tensors(numbers);
        var model = calls.train(trained, "side", "CrossEntropyLoss", 2);
        numbers.get(7)[2] = Double.NaN;

        var prediction = calls.predict(model, tensors(numbers), "side");

        var lines = calls.lines(prediction);
        assertThat(lines.get(7).get("error"))
                .isEqualTo("'x': expected finite numbers, got NaN in place 2");
        assertThat(lines.get(7).get("label")).isEmpty();
        assertThat(lines.get(7).get("side")).isEqualTo("right");
        assertThat(prediction.get("rows_failed").longValue()).isEqualTo(1);
        numbers.remove(7);
        lines.remove(7);
        var body = JsonMapper.shared().createObjectNode();
        body.set("rows", JsonMapper.shared().valueToTree(numbers));
        var expected =
                BatchCalls.lines(
                        client.post(
                                        "/v1/models/" + model + ":predict",
                                        body.toString(),
                                        "Accept",
                                        "text/csv")
                                .text());
        assertAlike(lines, expected);
    }

    private String tensors(List<double[]> numbers) throws IOException {
        var bytes =
                ByteBuffer.allocate(numbers.size() * 4 * Double.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        var csv = new StringBuilder("side\n");
        for (int row = 0; row < numbers.size(); row++) {
            for (double value : numbers.get(row)) {
                bytes.putDouble(value);
            }
            csv.append(row % 2 == 0 ? "left\n" : "right\n");
        }
        return BlockSets.in(context, folder)
                .create(
                        csv.toString(),
                        new Column(
                                "x",
                                ColumnType.TENSOR,
                                List.of(),
                                0,
                                Optional.of(new Block(ElementType.FLOAT64, List.of(4L)))),
                        List.of(
                                new BlockSets.Values(
                                        "values",
                                        ElementType.FLOAT64,
                                        List.of((long) numbers.size(), 4L),
                                        bytes.flip())));
    }

    private static void assertAlike(
            List<Map<String, String>> lines, List<Map<String, String>> expected) {
        assertThat(lines).hasSameSizeAs(expected);
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            expected.get(i)
                    .forEach((column, cell) -> {
                        if (column.startsWith("probability") || column.startsWith("value")) {
                            double value = Double.parseDouble(cell);
                            assertThat(number(line, column))
                                    .isCloseTo(
                                            value,
                                            within(TOLERANCE * Math.max(1, Math.abs(value))));
                        } else {
                            assertThat(line.get(column)).isEqualTo(cell);
                        }
                    });
        }
    }

    private static double number(Map<String, String> line, String column) {
        return Double.parseDouble(line.get(column));
    }

    private static byte[] sample(String file) throws IOException {
        try (var in = BatchNumbersTest.class.getResourceAsStream("/samples/" + file)) {
            return in.readAllBytes();
        }
    }

    private static final JsonNode CNN =
            JsonMapper.shared()
                    .readTree(
                            """
                            {"name": "batch-digits", "target": "label", "loss": "CrossEntropyLoss",
                             "model": {"layers": [
                                {"type": "Conv2d", "out_channels": 4, "kernel_size": 3, "stride": 2},
                                {"type": "ReLU"}, {"type": "Flatten"},
                                {"type": "Linear", "out_features": 10}]},
                             "optimizer": {"type": "Adam"}, "epochs": 2}
                            """);
}
