package dev.hearth.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Missing values and declared categories, from the upload to the prediction. */
@HearthTest
class FilledRunTest {

    private static final String ROWS =
            """
            age,size,part,price
            10,low,train,1
            ,high,train,2
            30,,train,3
            50,high,train,4
            1000,low,validation,5
            ,,validation,6
            """;
    private static final String OPTIONS =
            """
            {"columns": {
              "age": {"missing": "median"},
              "size": {"type": "categorical", "categories": ["low", "mid", "high"],
                       "missing": "most_frequent"}}}
            """;

    @Autowired Client client;

    @Test
    void whatTheTrainingRowsTeachStandsForMissingValuesInPredictions() {
        String dataset = upload(OPTIONS);

        JsonNode run = run("filled", dataset, "");
        assertThat(run.get("state").stringValue()).as(run.toString()).isEqualTo("succeeded");
        var version = client.get("/v1/models/filled/versions/1").json();
        var missing = predict("{\"rows\": [{\"age\": null, \"size\": null}, {}, [null, null]]}");
        var given = predict("{\"rows\": [{\"age\": 30, \"size\": \"high\"}]}");
        var csv =
                client.post(
                        "/v1/models/filled:predict",
                        "text/csv",
                        "size,age\n,\n".getBytes(StandardCharsets.UTF_8));

        assertThat(version.get("fill_values").toString())
                .isEqualTo("{\"age\":30.0,\"size\":\"high\"}");
        assertThat(version.at("/features/0/mean").doubleValue())
                .as("of 10, 30, 30, 50: learned once missing values are filled")
                .isEqualTo(30);
        assertThat(version.at("/features/1/categories").toString())
                .isEqualTo("[\"low\",\"mid\",\"high\"]");
        assertThat(missing.status()).as(missing.text()).isEqualTo(200);
        for (JsonNode prediction : missing.json().get("predictions")) {
            assertThat(prediction).isEqualTo(given.json().at("/predictions/0"));
        }
        assertThat(csv.status()).as(csv.text()).isEqualTo(200);
        assertThat(csv.json().at("/predictions/0")).isEqualTo(given.json().at("/predictions/0"));
    }

    @Test
    void theDataSetTellsItsPoliciesAndHowManyCellsAreFilled() {
        String dataset = upload(OPTIONS);

        var view = client.get("/v1/datasets/" + dataset).json();
        var report = client.get("/v1/datasets/" + dataset + "/report").json();
        var check = client.post("/v1/specs:check", request("filled-check", dataset, ""));

        assertThat(view.at("/columns/0/missing_policy/strategy").stringValue()).isEqualTo("median");
        assertThat(view.at("/columns/2/missing_policy/strategy").stringValue()).isEqualTo("reject");
        assertThat(report.at("/columns/1/missing_policy/strategy").stringValue())
                .isEqualTo("most_frequent");
        assertThat(report.at("/columns/1/filled").intValue()).isEqualTo(2);
        assertThat(check.json().at("/dataset/filled").toString())
                .isEqualTo(
                        "[{\"column\":\"age\",\"strategy\":\"median\",\"cells\":2},"
                                + "{\"column\":\"size\",\"strategy\":\"most_frequent\",\"cells\":2}]");
    }

    @Test
    void aRunMayFillInAnotherWayThanItsDataSetSays() {
        String dataset = upload(OPTIONS);

        run(
                "filled-otherwise",
                dataset,
                """
                , "missing": {"age": {"strategy": "constant", "fill_value": -1}, "size": "most_frequent"}
                """);

        assertThat(
                        client.get("/v1/models/filled-otherwise/versions/1")
                                .json()
                                .at("/fill_values/age")
                                .doubleValue())
                .isEqualTo(-1);
    }

    @Test
    void whereNothingStandsForMissingValuesTheyAreRefused() {
        String dataset = upload("{}");

        var run = client.post("/v1/runs", request("unfilled", dataset, ""));
        var rejecting =
                client.post(
                        "/v1/runs",
                        request(
                                "unfilled",
                                dataset,
                                ", \"missing\": {\"age\": \"reject\", \"size\": \"most_frequent\"}"));
        var target =
                client.post(
                        "/v1/runs",
                        request("unfilled", upload(OPTIONS), "")
                                .replace(
                                        "\"price\", \"features\": [\"age\", ",
                                        "\"age\", \"features\": ["));

        assertThat(run.status()).isEqualTo(422);
        assertThat(run.json().get("errors")).hasSize(2);
        assertThat(run.json().get("detail").stringValue()).isNotBlank();
        assertThat(run.json().at("/errors/0/message").stringValue())
                .contains("'age' has 2 empty cells", "/preprocessing/missing");
        assertThat(rejecting.json().get("errors")).hasSize(1);
        assertThat(target.status()).isEqualTo(422);
        assertThat(target.json().at("/errors/0/pointer").stringValue()).isEqualTo("/target");
    }

    @Test
    void aColumnThatIsEmptyInAllTrainingRowsTeachesNothing() {
        String dataset =
                new Service(client)
                        .upload(
                                "age,size,part,price\n,low,train,1\n,mid,train,2\n7,mid,validation,3\n");

        var answer =
                client.post(
                        "/v1/runs",
                        request("unlearned", dataset, ", \"missing\": {\"age\": \"mean\"}"));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().at("/errors/0/pointer").stringValue())
                .isEqualTo("/preprocessing/missing/age");
        assertThat(answer.json().at("/errors/0/message").stringValue())
                .contains("all 2 training rows");
    }

    @Test
    void aFurtherVersionKeepsWhatWasDeclared() {
        String dataset = upload(OPTIONS);

        var version =
                client.post(
                        "/v1/datasets/" + dataset + "/versions",
                        "{\"options\": {\"columns\": {\"age\": {\"missing\": \"mean\"}}}}");

        assertThat(version.status()).as(version.text()).isEqualTo(201);
        var columns = version.json().get("columns");
        assertThat(columns.at("/0/missing_policy/strategy").stringValue()).isEqualTo("mean");
        assertThat(columns.at("/0/type").stringValue()).isEqualTo("integer");
        assertThat(columns.at("/1/categories").toString()).isEqualTo("[\"low\",\"mid\",\"high\"]");
        assertThat(
                        client.get("/v1/datasets/" + dataset)
                                .json()
                                .at("/columns/0/missing_policy/strategy")
                                .stringValue())
                .as("the parent stays as it is")
                .isEqualTo("median");
    }

    @Test
    void declaredCategoriesThatNoRowHasAreClassesInTheirOrder() {
        String dataset =
                upload(
                        "a,size\n1,mid\n2,low\n3,mid\n4,low\n",
                        "{\"columns\": {\"size\": {\"categories\": [\"mid\", \"low\", \"high\"]}}}");

        JsonNode run =
                new Service(client)
                        .train(
                                JsonMapper.shared()
                                        .readTree(
                                                """
                                                {"name": "sizes", "target": "size",
                                                 "loss": "CrossEntropyLoss", "optimizer": "SGD", "epochs": 1,
                                                 "split": {"validation": 0},
                                                 "model": {"layers": [{"type": "Linear", "out_features": 3}]}}
                                                """),
                                dataset);
        var prediction = client.post("/v1/models/sizes:predict", "{\"rows\": [[1]]}").json();

        assertThat(run.get("state").stringValue()).isEqualTo("succeeded");
        assertThat(prediction.at("/predictions/0/probabilities").propertyNames())
                .containsExactlyElementsOf(List.of("mid", "low", "high"));
    }

    private String upload(String options) {
        return upload(ROWS, options);
    }

    private String upload(String rows, String options) {
        var answer =
                client.postForm(
                        "/v1/datasets",
                        Map.of("file;text/csv", rows, "options;application/json", options));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json().get("id").stringValue();
    }

    private Client.Answer predict(String body) {
        return client.post("/v1/models/filled:predict", body);
    }

    private JsonNode run(String name, String dataset, String missing) {
        return new Service(client)
                .train(JsonMapper.shared().readTree(request(name, dataset, missing)), dataset);
    }

    private static String request(String name, String dataset, String missing) {
        return """
        {"name": "%s", "dataset": "%s", "target": "price", "features": ["age", "size"],
         "loss": "MSELoss", "optimizer": "SGD", "epochs": 1, "split": {"column": "part"},
         "preprocessing": {"one_hot": true%s},
         "model": {"layers": [{"type": "Linear", "out_features": 1}]}}
        """
                .formatted(name, dataset, missing);
    }
}
