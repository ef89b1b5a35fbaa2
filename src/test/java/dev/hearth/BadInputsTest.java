package dev.hearth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client.Answer;
import dev.hearth.dataset.BadArchive;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bad input gets a clear answer, through the whole service. The table of what each got is written
 * to {@code target/bad-inputs.md}.
 */
@HearthTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputsTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String ID = "0b6e2d0c-6d4f-4b8e-9a53-3c1f5a7e9d20";
    private static final int SHOWN = 160;

    @Autowired Client client;

    private final List<String> table = new ArrayList<>();
    private Service service;
    private String iris;
    private String colours;

    @BeforeAll
    void trainWhatPredictionsAreAskedOf() {
        service = new Service(client);
        iris = service.uploadSample("iris");
        service.train(request("bad-inputs-iris"), iris);
        colours =
                service.upload(
                        "colour,size,fast,yes\n" + "red,1.5,true,a\nblue,2.5,false,b\n".repeat(10));
        var mixed = request("bad-inputs-colours");
        mixed.put("target", "yes");
        service.train(mixed, colours);
    }

    @AfterAll
    void writeTheTable() throws IOException {
        Files.writeString(
                Path.of("target", "bad-inputs.md"),
                "| kind | input | status | answer |\n| --- | --- | --- | --- |\n"
                        + String.join("\n", table)
                        + "\n");
    }

    @TestFactory
    List<DynamicTest> csv() {
        var cases = new Cases("CSV");
        cases.add("empty file", 422, "empty", () -> upload(""));
        cases.add("header only", 422, "no rows", () -> upload("a,b\n"));
        cases.add("ragged row", 422, "line 3", () -> upload("a,b\n1,2\n1,2,3\n"));
        cases.add("duplicate column names", 422, "'a'", () -> upload("a,b,a\n1,2,3\n"));
        cases.add("unclosed quote", 422, "line 2", () -> upload("a,b\n1,\"2\n3,4\n"));
        cases.add("NUL byte", 422, "line 3", () -> upload("a,b\n1,2\n3,\0\n"));
        cases.add(
                "invalid UTF-8",
                422,
                "UTF-8",
                () -> uploadBytes("a,b\n1,\u00e4\n".getBytes(StandardCharsets.ISO_8859_1)));
        cases.add("NaN in a numeric column", 422, "line 3, column b", () -> upload(nan("NaN")));
        cases.add("1e999 in a numeric column", 422, "line 3, column b", () -> upload(nan("1e999")));
        cases.add(
                "100,000 columns",
                422,
                "4096",
                () ->
                        upload(
                                IntStream.range(0, 100_000)
                                        .mapToObj(i -> "c" + i)
                                        .collect(Collectors.joining(",", "", "\n1\n"))));
        cases.add(
                "unknown option",
                422,
                "/colums",
                () -> upload("a,b\n1,2\n", "{\"colums\": {\"a\": \"text\"}}"));
        cases.add(
                "unknown column in the options",
                422,
                "/columns/z",
                () -> upload("a,b\n1,2\n", "{\"columns\": {\"z\": \"text\"}}"));
        cases.add(
                "unknown type in the options",
                422,
                "/columns/a",
                () -> upload("a,b\n1,2\n", "{\"columns\": {\"a\": \"float\"}}"));
        cases.add("options that are no JSON", 400, "line 1", () -> upload("a,b\n1,2\n", "{"));
        cases.add(
                "no file in the form",
                422,
                "/file",
                () -> client.postForm("/v1/datasets", Map.of("options", "{}")));
        cases.add(
                "an unknown part in the form",
                422,
                "/fille",
                () -> client.postForm("/v1/datasets", Map.of("fille", "a\n1\n")));
        cases.add("a zip that ends too early", 422, "truncated", () -> upload("PK\3\4 and so on"));
        cases.add(
                "a body of another type",
                415,
                "multipart/form-data",
                () -> client.post("/v1/datasets", "text/plain", new byte[] {'a'}));
        cases.add(
                "an unknown sample",
                422,
                "/builtin",
                () -> client.post("/v1/datasets", "{\"builtin\": \"irises\"}"));
        cases.add(
                "a body over the limit, as declared",
                413,
                "larger than",
                () ->
                        raw(
                                "POST /v1/datasets",
                                "Content-Type: multipart/form-data; boundary=b",
                                "Content-Length: 5000000000"));
        return cases.tests();
    }

    @TestFactory
    List<DynamicTest> archivesAndPictures() {
        var cases = new Cases("Archive");
        for (BadArchive bad : BadArchive.all()) {
            cases.add(
                    bad.what(),
                    bad.status(),
                    bad.says().getLast(),
                    () -> uploadBytes(bad.file(), bad.bytes().get()));
        }
        return cases.tests();
    }

    @TestFactory
    List<DynamicTest> specifications() {
        var cases = new Cases("Specification");
        cases.add("trailing comma", 400, "line 1", () -> check("{\"model\": 1,}"));
        cases.add("depth of 100,000", 400, "nested", () -> check("[".repeat(100_000)));
        cases.add(
                "number of 100,000 digits",
                400,
                "too long",
                () -> check("{\"epochs\": " + "9".repeat(100_000) + "}"));
        cases.add("duplicate keys", 400, "uplicate", () -> check("{\"loss\": 1, \"loss\": 2}"));
        cases.add("unknown field", 422, "/batchSize", () -> check(with("/batchSize", "32")));
        cases.add(
                "unknown layer java.lang.Runtime",
                422,
                "/model/layers/0/type",
                () -> check(layers("{\"type\": \"java.lang.Runtime\"}")));
        cases.add(
                "@class in a layer",
                422,
                "/model/layers/0/@class",
                () -> check(layers("{\"@class\": \"java.lang.Runtime\", \"type\": \"ReLU\"}")));
        cases.add(
                "10,000 layers",
                422,
                "1,000",
                () ->
                        check(
                                layers(
                                        "{\"type\": \"ReLU\"},".repeat(9_999)
                                                + "{\"type\": \"ReLU\"}")));
        cases.add("Linear 10⁹×10⁹", 422, "250,000,000", () -> check(wide(1_000_000_000L)));
        cases.add(
                "sizes whose product is past 2⁶³",
                422,
                "/model/layers/0",
                () -> check(wide(9_000_000_000_000_000_000L)));
        cases.add("0 units", 422, "/out_features", () -> check(layers(linear("4", "0"))));
        cases.add("−1 units", 422, "/out_features", () -> check(layers(linear("4", "-1"))));
        cases.add(
                "lr of −1",
                422,
                "/optimizer/lr",
                () -> check(with("/optimizer", "{\"type\": \"SGD\", \"lr\": -1}")));
        cases.add(
                "lr of \"0.1\"",
                422,
                "without quotes",
                () -> check(with("/optimizer", "{\"type\": \"SGD\", \"lr\": \"0.1\"}")));
        cases.add("2³¹ epochs", 422, "/epochs", () -> check(with("/epochs", "2147483648")));
        cases.add("batch size 0", 422, "/batch_size", () -> check(with("/batch_size", "0")));
        cases.add(
                "BCELoss after no sigmoid: a warning",
                200,
                "Sigmoid",
                () ->
                        check(
                                "{\"model\": {\"layers\": ["
                                        + linear("4", "1")
                                        + "]}, \"loss\": \"BCELoss\", \"optimizer\": \"SGD\"}"));
        cases.add(
                "3 classes for 2 outputs",
                422,
                "3 classes",
                () -> check(irisWith("/model", "{\"layers\": [" + linear("4", "2") + "]}")));
        cases.add(
                "target column missing",
                422,
                "/target",
                () -> check(irisWith("/target", "\"specie\"")));
        cases.add(
                "data set that is not there",
                404,
                "no data set",
                () -> check(irisWith("/dataset", "\"" + ID + "\"")));
        cases.add(
                "run without a name",
                422,
                "/name",
                () -> client.post("/v1/runs", irisWith("/name", null)));
        cases.add(
                "a GPU that is not there",
                422,
                "/device",
                () -> check(irisWith("/device", "\"cuda:7\"")));
        return cases.tests();
    }

    @TestFactory
    List<DynamicTest> predictions() {
        var cases = new Cases("Prediction");
        cases.add("wrong width", 422, "/rows/0", () -> irisRows("[[1, 2, 3]]"));
        cases.add("wrong rank", 422, "/rows/0/0", () -> irisRows("[[[1], 2, 3, 4]]"));
        cases.add("no rows", 422, "at least one", () -> irisRows("[]"));
        cases.add(
                "more rows than allowed",
                413,
                "10000 rows",
                () -> irisRows("[" + "[1, 2, 3, 4],".repeat(10_000) + "[1, 2, 3, 4]]"));
        cases.add("null", 422, "/rows/0/1", () -> irisRows("[[1, null, 3, 4]]"));
        cases.add("NaN", 400, "line 1", () -> irisRows("[[1, NaN, 3, 4]]"));
        cases.add("1e999", 422, "/rows/0/1", () -> irisRows("[[1, 1e999, 3, 4]]"));
        cases.add("a word for a number", 422, "/rows/0/1", () -> irisRows("[[1, \"x\", 3, 4]]"));
        cases.add("NaN in CSV", 422, "line 2", () -> irisCsv("1,NaN,3,4"));
        cases.add("an empty cell in CSV", 422, "line 2", () -> irisCsv("1,,3,4"));
        cases.add("a ragged row in CSV", 422, "line 2", () -> irisCsv("1,2,3"));
        cases.add(
                "unknown category",
                422,
                "'green'",
                () -> coloursRows("[{\"colour\": \"green\", \"size\": 1, \"fast\": true}]"));
        cases.add(
                "missing column",
                422,
                "/rows/0/fast",
                () -> coloursRows("[{\"colour\": \"red\", \"size\": 1}]"));
        cases.add(
                "unknown column",
                422,
                "/rows/0/weight",
                () ->
                        coloursRows(
                                "[{\"colour\": \"red\", \"size\": 1, \"fast\": true,"
                                        + " \"weight\": 1}]"));
        cases.add(
                "unknown model",
                404,
                "no model",
                () -> client.post("/v1/models/nobody:predict", "{\"rows\": [[1]]}"));
        cases.add(
                "unknown version",
                404,
                "latest is",
                () ->
                        client.post(
                                "/v1/models/bad-inputs-iris/versions/9:predict",
                                "{\"rows\": [[1, 2, 3, 4]]}"));
        cases.add("model not ready", 409, "no version yet", this::predictWhileTraining);
        cases.add(
                "an impossible deadline",
                400,
                "timeout_ms",
                () ->
                        client.post(
                                "/v1/models/bad-inputs-iris:predict?timeout_ms=0",
                                "{\"rows\": [[1, 2, 3, 4]]}"));
        return cases.tests();
    }

    @TestFactory
    List<DynamicTest> idsAndHeaders() {
        var cases = new Cases("ID or header");
        cases.add(
                "%2e%2e%2f in the path",
                400, "malformed-request", () -> raw("GET /v1/datasets/%2e%2e%2f"));
        cases.add("not an ID", 400, "looks like", () -> client.get("/v1/runs/1"));
        cases.add("unknown ID", 404, "no run", () -> client.get("/v1/runs/" + ID));
        cases.add(
                "page size of 10⁹", 400, "1 to 200", () -> client.get("/v1/runs?limit=1000000000"));
        cases.add(
                "no Content-Type",
                415,
                "Content-Type",
                () -> client.send("POST", "/v1/runs", BodyPublishers.ofString("{}")));
        cases.add(
                "Accept: image/x",
                406,
                "application/json",
                () -> client.get("/v1/runs", "Accept", "image/x"));
        cases.add(
                "an Idempotency-Key with another body",
                422,
                "Idempotency-Key",
                this::sameKeyOtherBody);
        cases.add("cancel of a finished run", 409, "succeeded", this::cancelFinished);
        cases.add("unknown method", 405, "PUT", this::putARun);
        cases.add(
                "a key in the query",
                401,
                "query",
                () -> client.get("/v1/runs?api_key=0123456789abcdef"));
        cases.add(
                "a token with alg: none",
                401,
                "Authorization",
                () ->
                        client.get(
                                "/v1/runs",
                                "Authorization",
                                "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJyb290In0."));
        return cases.tests();
    }

    @TestFactory
    List<DynamicTest> textsThatSpreadsheetsWouldRun() {
        var cases = new Cases("CSV");
        cases.add(
                "=HYPERLINK(…) in a text: accepted, and neutralised in CSV",
                200,
                "'=HYPERLINK",
                () -> {
                    var id = service.upload("a,b\n\"=HYPERLINK(\"\"x\"\")\",-1\nword,+2\n");
                    return client.get("/v1/datasets/" + id + "/rows", "Accept", "text/csv");
                });
        return cases.tests();
    }

    private interface Request {
        Answer send();
    }

    /** The cases of a kind: each becomes a test and a row of the table. */
    private final class Cases {
        private final String kind;
        private final List<DynamicTest> tests = new ArrayList<>();

        Cases(String kind) {
            this.kind = kind;
        }

        void add(String what, int status, String says, Request request) {
            tests.add(DynamicTest.dynamicTest(what, () -> expect(what, status, says, request)));
        }

        private void expect(String what, int status, String says, Request request) {
            var answer = request.send();
            table.add(
                    "| %s | %s | %d | %s |"
                            .formatted(
                                    kind, what, answer.status(), told(answer).replace("|", "\\|")));

            assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
            assertThat(answer.text()).contains(says);
            if (status >= 400) {
                assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
                assertThat(answer.text())
                        .doesNotContain("Exception", "dev.hearth", "tools.jackson");
            }
        }

        List<DynamicTest> tests() {
            return tests;
        }
    }

    private static String told(Answer answer) {
        if (answer.status() < 400) {
            return "accepted";
        }
        var errors = answer.json().path("errors");
        var first = errors.path(0);
        var told =
                first.isMissingNode()
                        ? answer.json().path("detail").asString("")
                        : first.path("pointer").asString("")
                                + ": "
                                + first.path("message").asString("");
        return told.length() > SHOWN ? told.substring(0, SHOWN) + "…" : told;
    }

    private static ObjectNode request(String name) {
        return (ObjectNode)
                JSON.readTree(
                        """
                        {"name": "%s", "target": "species",
                         "model": {"layers": [{"type": "Linear", "out_features": 3}]},
                         "loss": "CrossEntropyLoss", "optimizer": "SGD", "epochs": 1}
                        """
                                .formatted(name));
    }

    private String irisWith(String field, @Nullable String value) {
        var request = request("bad-inputs-other");
        request.put("dataset", iris);
        return set(request, field, value);
    }

    private static String with(String field, String value) {
        var request = request("bad-inputs-other");
        request.remove("target");
        request.putArray("input_shape").add(4);
        return set(request, field, value);
    }

    private static String set(ObjectNode request, String field, @Nullable String value) {
        if (value == null) {
            request.remove(field.substring(1));
        } else {
            request.set(field.substring(1), JSON.readTree(value));
        }
        return request.toString();
    }

    private static String wide(long features) {
        var request =
                (ObjectNode)
                        JSON.readTree(
                                layers(
                                        "{\"type\": \"Linear\", \"out_features\": "
                                                + features
                                                + "}"));
        request.putArray("input_shape").add(features);
        return request.toString();
    }

    private static String layers(String layers) {
        return with("/model", "{\"layers\": [" + layers + "]}");
    }

    private static String linear(String in, String out) {
        return "{\"type\": \"Linear\", \"in_features\": %s, \"out_features\": %s}"
                .formatted(in, out);
    }

    private static String nan(String cell) {
        return "a,b\n1,2.5\n3," + cell + "\n4,5.5\n6,7.5\n8,9.5\n";
    }

    private Answer check(String body) {
        return client.post("/v1/specs:check", body);
    }

    private Answer upload(String csv) {
        return client.postForm("/v1/datasets", Map.of("file;text/csv", csv));
    }

    private Answer upload(String csv, String options) {
        var parts = new LinkedHashMap<String, String>();
        parts.put("file;text/csv", csv);
        parts.put("options;application/json", options);
        return client.postForm("/v1/datasets", parts);
    }

    private Answer uploadBytes(byte[] csv) {
        return uploadBytes("x.csv", csv);
    }

    private Answer uploadBytes(String name, byte[] bytes) {
        var head =
                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n"
                        .formatted(name);
        var body =
                (head + new String(bytes, StandardCharsets.ISO_8859_1) + "\r\n--b--\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1);
        return client.post("/v1/datasets", "multipart/form-data; boundary=b", body);
    }

    private Answer raw(String methodAndPath, String... headers) {
        var lines = new ArrayList<>(List.of(methodAndPath + " HTTP/1.1", "Host: localhost"));
        lines.addAll(List.of(headers));
        lines.add("Connection: close");
        return client.sendRawForAnswer(String.join("\r\n", lines) + "\r\n\r\n");
    }

    private Answer irisRows(String rows) {
        return client.post("/v1/models/bad-inputs-iris:predict", "{\"rows\": " + rows + "}");
    }

    private Answer irisCsv(String row) {
        return client.post(
                "/v1/models/bad-inputs-iris:predict",
                "text/csv",
                ("sepal_length,sepal_width,petal_length,petal_width\n" + row + "\n")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private Answer coloursRows(String rows) {
        return client.post("/v1/models/bad-inputs-colours:predict", "{\"rows\": " + rows + "}");
    }

    /** Asks while the model's only run goes on, which is then cancelled. */
    private Answer predictWhileTraining() {
        var endless = request("bad-inputs-endless");
        endless.put("epochs", 1_000_000);
        var run = service.submit(endless, iris);
        var answer =
                client.post("/v1/models/bad-inputs-endless:predict", "{\"rows\": [[1, 2, 3, 4]]}");
        assertThat(client.post("/v1/runs/" + run + ":cancel", "").status()).isEqualTo(202);
        assertThat(service.end(run).get("state").stringValue()).isEqualTo("cancelled");
        return answer;
    }

    private Answer sameKeyOtherBody() {
        var key = UUID.randomUUID().toString();
        var first = irisWith("/epochs", "1");
        assertThat(client.post("/v1/runs", first, "Idempotency-Key", key).status()).isEqualTo(202);
        return client.post("/v1/runs", irisWith("/epochs", "2"), "Idempotency-Key", key);
    }

    private Answer cancelFinished() {
        JsonNode run = service.train(request("bad-inputs-iris"), iris);
        return client.post("/v1/runs/" + run.get("id").stringValue() + ":cancel", "");
    }

    private Answer putARun() {
        var answer = client.send("PUT", "/v1/runs", BodyPublishers.ofString("{}"));
        assertThat(answer.header("Allow")).isEqualTo("GET, POST");
        return answer;
    }
}
