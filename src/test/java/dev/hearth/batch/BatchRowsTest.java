package dev.hearth.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rows that a model cannot take, requests that it cannot, and what the result looks like. */
@HearthTest
class BatchRowsTest {

    @Autowired Client client;

    private BatchCalls calls;
    private Service service;

    @BeforeEach
    void speakToTheService() {
        calls = new BatchCalls(client);
        service = new Service(client);
    }

    @Test
    void aRowThatTheModelCannotTakeHasAnErrorAndTheOthersTheirPredictions() {
        var model = trainColours();
        var rows =
                service.upload(
                        """
                        colour,size,lit,note
                        red,1,true,=SUM(A1)
                        mauve,2,false,-1
                        ,3,true,"a, b"
                        red,,,
                        green,5,false,é
                        """);

        var prediction = calls.predict(model, rows, "note", "size");

        var lines = calls.lines(prediction);
        assertThat(lines)
                .extracting(line -> line.get("row"))
                .containsExactly("0", "1", "2", "3", "4");
        assertThat(lines)
                .extracting(line -> line.get("note"))
                .containsExactly("'=SUM(A1)", "-1", "a, b", "", "é");
        assertThat(lines)
                .extracting(line -> line.get("error"))
                .containsExactly(
                        "",
                        "'colour': unknown category 'mauve'; training knew 'green', 'red'",
                        "'colour': expected a value, got an empty cell; the model was trained without missing values of this column",
                        "'size': expected a value, got an empty cell; the model was trained without missing values of this column; "
                                + "'lit': expected a value, got an empty cell; the model was trained without missing values of this column",
                        "");
        assertThat(lines)
                .allSatisfy(line ->
                        assertThat("".equals(line.get("label")))
                                .isEqualTo(!"".equals(line.get("error"))));
        assertThat(prediction.get("rows_failed").longValue()).isEqualTo(3);
        assertThat(prediction.get("progress").doubleValue()).isEqualTo(1);
        assertThat(prediction.get("metrics")).isEmpty();
    }

    @Test
    void columnsOfTextNumbersAndBooleansMayBeCategoriesAndColumnsWithoutValuesAnything() {
        var trained = service.upload("code,lit,y\n" + "1,yes,a\n2,no,b\n".repeat(20));
        var options = "{\"columns\": {\"code\": {\"type\": \"categorical\"}}}";
        var declared =
                client.postForm(
                                "/v1/datasets",
                                java.util.Map.of(
                                        "file;text/csv",
                                        "code,lit,y\n" + "1,true,a\n2,false,b\n".repeat(20),
                                        "options",
                                        options))
                        .json()
                        .get("id")
                        .stringValue();
        var numbered = calls.train(declared, "y", "CrossEntropyLoss", 2);
        assertThat(calls.submit(numbered, trained).text())
                .contains("column 'lit' is categorical, and the model takes true or false");

        var rows = service.upload("code,lit\n1,true\n2,false\n3,true\n");
        var lines = calls.lines(calls.predict(numbered, rows));
        assertThat(lines)
                .extracting(line -> line.get("error"))
                .containsExactly("", "", "'code': unknown category '3'; training knew '1', '2'");
        var empty = service.upload("code,lit,x\n,,1\n,,2\n");
        assertThat(calls.predict(numbered, empty).get("rows_failed").longValue()).isEqualTo(2);
    }

    @Test
    void everythingThatIsWrongWithARequestIsToldAtOnce() {
        var model = trainColours();
        var iris = service.uploadSample("iris");

        var wrong =
                client.post(
                        BatchCalls.PATH,
                        """
                        {"model": "No Name", "dataset_id": "x", "version": 0, "name": " ",
                         "columns": ["a", "a", null], "priority": 101}
                        """);
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(pointers(wrong.json()))
                .containsExactlyInAnyOrder(
                        "/model",
                        "/dataset_id",
                        "/version",
                        "/name",
                        "/columns/1",
                        "/columns/2",
                        "/priority");
        var missing = calls.submit(model, iris, "species", "genus");
        assertThat(missing.status()).isEqualTo(422);
        assertThat(pointers(missing.json()))
                .containsExactly("/dataset_id", "/dataset_id", "/dataset_id", "/columns/1");
        assertThat(missing.text())
                .contains(
                        "the data set has no column 'colour', which the model takes; it has sepal_length",
                        "the data set has no column 'genus'");
        assertThat(client.post(BatchCalls.PATH, "{\"model\": \"" + model + "\"}").text())
                .contains("/dataset_id: missing; expected the ID of a data set");
        assertThat(client.post(BatchCalls.PATH, "{\"top_k\": 3}").text()).contains("unknown field");
        assertThat(client.post(BatchCalls.PATH, "[]").status()).isEqualTo(422);
        assertThat(client.post(BatchCalls.PATH, "{").status()).isEqualTo(400);
        assertThat(calls.submit("nothing-like-it", iris).status()).isEqualTo(404);
        assertThat(calls.submit(model, UUID.randomUUID().toString()).status()).isEqualTo(404);
        assertThat(
                        client.post(
                                        BatchCalls.PATH,
                                        "{\"model\": \"%s\", \"version\": 7, \"dataset_id\": \"%s\"}"
                                                .formatted(model, iris))
                                .text())
                .contains("has no version 7; its latest is 1");
    }

    @Test
    void imagesDoNotFitAModelOfColumnsNorColumnsOneOfImages() {
        var model = trainColours();
        var images = client.post("/v1/datasets", "{\"builtin\": \"mnist\"}").json();
        var id = images.get("id").stringValue();

        var refused = calls.submit(model, id, "image");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text())
                .contains(
                        "the data set holds images (column 'image'), and the model takes the columns colour, size, lit of a table",
                        "column 'image' is image, which CSV does not hold");
        var name = "batch-images-" + UUID.randomUUID();
        service.train(
                JsonMapper.shared()
                        .readTree(
                                """
                                {"name": "%s", "target": "label", "loss": "CrossEntropyLoss",
                                 "model": {"layers": [{"type": "Flatten"}, {"type": "Linear", "out_features": 10}]},
                                 "optimizer": {"type": "Adam"}, "epochs": 1}
                                """
                                        .formatted(name)),
                id);
        assertThat(calls.submit(name, service.uploadSample("iris")).text())
                .contains(
                        "the data set has no column 'image', of which the model takes images [1, 28, 28]");
        var column = service.upload("image,y\n1,2\n3,4\n");
        assertThat(calls.submit(name, column).text())
                .contains("column 'image' is integer, and the model takes images [1, 28, 28]");
    }

    private static List<String> pointers(JsonNode problem) {
        return problem.get("errors")
                .valueStream()
                .map(error -> error.get("pointer").stringValue())
                .toList();
    }

    private String trainColours() {
        return calls.train(
                service.upload(
                        "colour,size,lit,verdict\n"
                                + "red,1,true,yes\ngreen,2.5,false,no\n".repeat(20)),
                "verdict",
                "CrossEntropyLoss",
                2);
    }
}
