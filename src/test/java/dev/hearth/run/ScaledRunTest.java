package dev.hearth.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Steps of columns, from the request to the prediction. */
@HearthTest
class ScaledRunTest {

    private static final String ROWS =
            "age,city,price\n" + "0,Bern,1\n3,Wien,2\n8,Bern,3\n15,Wien,4\n".repeat(5);

    @Autowired Client client;

    @Test
    void theModelShowsWhatItsStepsLearnedAndRefusesWhatTheyCannotTake() {
        var run =
                end(
                        "scaled-columns",
                        "{\"age\": [\"Log1p\", \"MinMaxScaler\"], \"city\": \"Ordinal\"}");
        assertThat(run.get("state").stringValue()).as(run.toString()).isEqualTo("succeeded");

        var version = client.get("/v1/models/scaled-columns/versions/1").json();
        var good = client.post("/v1/models/scaled-columns:predict", "{\"rows\": [[5, \"Bern\"]]}");
        var bad = client.post("/v1/models/scaled-columns:predict", "{\"rows\": [[-1, \"Bern\"]]}");

        assertThat(version.at("/features/0/type").stringValue()).isEqualTo("scaled");
        assertThat(version.at("/features/0/steps/1/type").stringValue()).isEqualTo("MinMaxScaler");
        assertThat(version.at("/features/1/type").stringValue()).isEqualTo("ordinal");
        assertThat(good.status()).isEqualTo(200);
        assertThat(bad.status()).isEqualTo(422);
        assertThat(bad.json().toString()).contains("Log1p");
    }

    @Test
    void aStepThatDoesNotFitItsColumnIsToldBeforeTraining() {
        var service = new Service(client);
        var answer =
                client.post(
                        "/v1/runs",
                        request(
                                        "scaled-unfit",
                                        "{\"age\": \"OneHot\", \"city\": \"Log1p\", \"size\": []}")
                                .replace("DATASET", service.upload(ROWS)));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(
                        answer.json()
                                .get("errors")
                                .valueStream()
                                .map(e -> e.get("pointer").stringValue()))
                .containsExactly(
                        "/preprocessing/columns/age",
                        "/preprocessing/columns/city",
                        "/preprocessing/columns/size");
    }

    /** Row 3 is held out for validation: nothing is learned of it, and yet it must have a value. */
    @Test
    void aHeldOutRowWithoutALogarithmIsNamedBeforeTraining() {
        var service = new Service(client);
        String dataset =
                service.upload(
                        """
                        age,part,price
                        1,training,1
                        3,training,2
                        -5,validation,3
                        -1,validation,1
                        """);

        var answer =
                client.post(
                        "/v1/specs:check",
                        request("scaled-held-out", "{\"age\": \"Log1p\"}")
                                .replace("\"DATASET\"", "\"%s\"".formatted(dataset))
                                .replace(
                                        "\"epochs\"",
                                        "\"split\": {\"column\": \"part\"}, \"epochs\""));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().at("/errors/0/pointer").stringValue())
                .isEqualTo("/preprocessing/columns/age");
        assertThat(answer.json().at("/errors/0/message").stringValue())
                .contains("Log1p", "-5.0 in row 3", "in 1 more", "Clip");
    }

    private JsonNode end(String name, String columns) {
        var service = new Service(client);
        String dataset = service.upload(ROWS);
        return service.end(
                service.submit(
                        JsonMapper.shared()
                                .readTree(request(name, columns).replace("DATASET", dataset)),
                        dataset));
    }

    private static String request(String name, String columns) {
        return """
        {"name": "%s", "dataset": "DATASET", "target": "price", "loss": "MSELoss",
         "optimizer": "SGD", "epochs": 1, "preprocessing": {"columns": %s},
         "model": {"layers": [{"type": "Linear", "out_features": 1}]}}
        """
                .formatted(name, columns);
    }
}
