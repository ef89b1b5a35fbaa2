package dev.hearth.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The Python of runs and models, through the interface. */
@HearthTest
class RunScriptTest {

    private static final String CSV =
            "\uFEFF weight ,colour,\"he said \"\"hi\"\"\",ripe\r\n"
                    + "1.5,red,3,true\r\n"
                    + "2.5,green,4,false\r\n"
                    + "3.5,red,5,true\r\n"
                    + "4.5,green,6,FALSE\r\n"
                    + "1.0,red,3,true\r\n"
                    + "2.0,green,4,false\r\n"
                    + "3.0,red,5,true\r\n"
                    + "4.0,green,6,FALSE\r\n";

    @Autowired Client client;

    private static JsonNode request(int epochs) {
        return JsonMapper.shared()
                .readTree(
                        """
                        {"name": "python-out", "target": "ripe",
                         "model": {"layers": [{"type": "Linear", "out_features": 1}]},
                         "loss": "BCEWithLogitsLoss", "optimizer": "SGD", "epochs": %d}
                        """
                                .formatted(epochs));
    }

    @Test
    void aFinishedRunHasAScriptThatNamesItsDataAndItsColumns() {
        var service = new Service(client);
        String dataset = service.upload(CSV);
        JsonNode run = service.train(request(2), dataset);

        Client.Answer answer = script(run.get("id").stringValue());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type"))
                .isEqualToIgnoringCase("text/x-python;charset=UTF-8");
        assertThat(answer.text())
                .contains(
                        "# Repeats run " + run.get("id").stringValue(),
                        client.get("/v1/datasets/" + dataset).json().get("sha256").stringValue(),
                        "FEATURES = [\"weight\", \"colour\", \"he said \\\"hi\\\"\"]",
                        "CATEGORIES = {\"colour\": [\"green\", \"red\"]}",
                        "name.strip()",
                        "nn.Linear(4, 1)",
                        "for epoch in range(1, 2 + 1):");
    }

    @Test
    void aRunOnPicturesHasOneThatReadsTheArchiveAndDrawsAsTheRunDoes() {
        String dataset =
                client.post("/v1/datasets", "{\"builtin\": \"mnist\"}")
                        .json()
                        .get("id")
                        .stringValue();
        JsonNode request =
                JsonMapper.shared()
                        .readTree(
                                """
                                {"name": "python-pictures", "target": "label",
                                 "transforms": [{"type": "RandomRotation", "degrees": 10}, "ToTensor"],
                                 "model": {"layers": [{"type": "Flatten"}, {"type": "Linear", "out_features": 10}]},
                                 "loss": "CrossEntropyLoss", "optimizer": "SGD", "epochs": 1}
                                """);

        JsonNode run = new Service(client).train(request, dataset);

        assertThat(script(run.get("id").stringValue()).text())
                .contains(
                        "found = sorted(picture_names([path]), key=class_order)",
                        "transforms.RandomRotation((-10.0, 10.0))",
                        "class Pictures(Dataset):",
                        "DataLoader(Pictures(pictures, training, TRAINING, y)",
                        "main(sys.argv[1])");
    }

    @Test
    void aRunThatHasNotEndedHasOneToo() {
        var service = new Service(client);
        String run = service.submit(request(1_000_000), service.upload(CSV));
        try {
            assertThat(script(run).text()).contains("range(1, 1000000 + 1)");
        } finally {
            client.post("/v1/runs/" + run + ":cancel", "");
            service.end(run);
        }
    }

    @Test
    void withoutItsDataSetARunHasNone() {
        var service = new Service(client);
        String dataset = service.upload(CSV);
        JsonNode run = service.train(request(1), dataset);
        client.delete("/v1/datasets/" + dataset);

        Client.Answer answer = script(run.get("id").stringValue());

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.json().get("detail").stringValue()).contains(dataset, "deleted");
    }

    @Test
    void noRunHasNone() {
        assertThat(script(UUID.randomUUID().toString()).status()).isEqualTo(404);
    }

    @Test
    void aModelHasAFileThatIsItsModule() {
        var service = new Service(client);
        JsonNode run = service.train(request(1), service.upload(CSV));

        Client.Answer answer =
                client.get(run.get("model").get("url").stringValue() + "/files/model.py");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Disposition")).contains("attachment", "model.py");
        assertThat(answer.text())
                .contains(
                        run.get("id").stringValue(),
                        "SCALES = {",
                        "def build_model():",
                        "model(x).sigmoid()");
    }

    @Test
    void theDataSetsFileComesBackByteForByte() {
        String dataset = new Service(client).upload(CSV);

        Client.Answer answer = client.get("/v1/datasets/" + dataset + "/file");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo(CSV);
        assertThat(answer.header("Content-Disposition")).startsWith("attachment");
        assertThat(answer.header("ETag")).isNotBlank();
        assertThat(client.get("/v1/datasets/" + UUID.randomUUID() + "/file").status())
                .isEqualTo(404);
    }

    private Client.Answer script(String run) {
        return client.get("/v1/runs/" + run + "/script.py");
    }
}
