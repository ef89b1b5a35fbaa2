package dev.hearth.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Runs through the whole service: states, events, metrics, cancelling, and what they make. */
@HearthTest
class RunsTest {

    @Autowired Client client;

    private Service service;
    private String iris;

    @BeforeEach
    void upload() {
        service = new Service(client);
        iris = service.uploadSample("iris");
    }

    @Test
    void aRunTellsItsStoryAndItsNumbers() {
        var run = service.train(request("story", 3), iris);

        var path = "/v1/runs/" + id(run);
        assertThat(client.get(path + "/events").json().get("items").valueStream())
                .extracting(event -> event.get("type").stringValue())
                .containsExactly("queued", "preparing", "running", "succeeded");
        var epochs = client.get(path + "/metrics?limit=2").json();
        assertThat(epochs.get("items").valueStream())
                .extracting(row -> row.get("epoch").intValue())
                .containsExactly(1, 2);
        var rest =
                client.get(path + "/metrics?cursor=" + epochs.get("next_cursor").stringValue())
                        .json();
        assertThat(rest.get("items").size()).isEqualTo(1);
        assertThat(rest.at("/items/0/metrics")).isEqualTo(run.get("metrics"));
        assertThat(client.get(path + "/metrics", "Accept", "text/csv").text())
                .startsWith("epoch,train_loss,train_accuracy,validation_loss,validation_accuracy")
                .hasLineCount(4);
        assertThat(run.get("progress").doubleValue()).isEqualTo(1);
        assertThat(run.at("/request/epochs").intValue()).isEqualTo(3);
    }

    @Test
    void theSameSeedMakesTheSameModelAndAnotherDoesNot() {
        var one = weights(service.train(request("seeded", 3), iris));
        var same = weights(service.train(request("seeded", 3), iris));
        var other = weights(service.train(request("seeded", 3).put("seed", 8), iris));

        assertThat(same).isEqualTo(one);
        assertThat(other).isNotEqualTo(one);
    }

    @Test
    void eachRunMakesTheNextVersion() {
        var name = "versions-" + UUID.randomUUID();
        var first = service.train(request(name, 1), iris);
        var second = service.train(request(name, 1), iris);

        assertThat(first.at("/model/version").intValue()).isEqualTo(1);
        assertThat(second.at("/model/version").intValue()).isEqualTo(2);
        assertThat(client.get("/v1/models/" + name).json().get("version").intValue()).isEqualTo(2);
        assertThat(client.delete("/v1/models/" + name + "/versions/2").status()).isEqualTo(204);
        assertThat(client.get("/v1/models/" + name).json().get("version").intValue()).isEqualTo(1);
        assertThat(service.train(request(name, 1), iris).at("/model/version").intValue())
                .as("a number never comes back")
                .isEqualTo(3);
    }

    @Test
    void aRunningRunIsCancelledAndMakesNothing() {
        var name = "cancelled-" + UUID.randomUUID();
        var run = service.submit(request(name, 1_000_000), iris);
        service.await(run, view -> view.get("state").stringValue().equals("running"));

        assertThat(client.post("/v1/runs/" + run + ":cancel", "").status()).isEqualTo(202);

        assertThat(service.end(run).get("state").stringValue()).isEqualTo("cancelled");
        assertThat(client.get("/v1/models/" + name).status()).isEqualTo(404);
        assertThat(client.get("/v1/runs/" + run + "/events").text()).contains("cancel_requested");
    }

    @Test
    void aDataSetThatAnUnfinishedRunNeedsStays() {
        var run = service.submit(request("needs-data", 1_000_000), iris);

        var refused = client.delete("/v1/datasets/" + iris);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text()).contains(run);
        client.post("/v1/runs/" + run + ":cancel", "");
        service.end(run);
        assertThat(client.delete("/v1/datasets/" + iris).status()).isEqualTo(204);
    }

    @Test
    void theSameKeyQueuesOneRun() {
        var key = UUID.randomUUID().toString();
        var request = request("once", 1).put("dataset", iris).toString();

        var first = client.post("/v1/runs", request, "Idempotency-Key", key);
        var again = client.post("/v1/runs", request, "Idempotency-Key", key);

        assertThat(again.json().get("id")).isEqualTo(first.json().get("id"));
        service.end(id(first.json()));
    }

    @Test
    void aRunThatDivergesSaysWhyAndWhatToDo() {
        var request = request("diverging", 50);
        request.put("target", "sepal_length").put("loss", "MSELoss");
        ((ObjectNode) request.at("/model/layers/0")).put("out_features", 1);
        request.putObject("optimizer").put("type", "SGD").put("lr", 1e30);

        var run = service.end(service.submit(request, iris));

        assertThat(run.get("state").stringValue()).isEqualTo("failed");
        assertThat(run.at("/error/type").stringValue())
                .isEqualTo("urn:hearth:problem:training-failed");
        assertThat(run.at("/error/detail").stringValue()).contains("/optimizer/lr");
    }

    @Test
    void columnsOfAllKindsAreLearnedFromAndPredictedWith() {
        var csv = new StringBuilder("size,colour,fast,grade\n");
        for (int i = 0; i < 40; i++) {
            csv.append(i % 7).append(i % 2 == 0 ? ",red,true,1\n" : ",blue,false,2\n");
        }
        var request = request("kinds-" + UUID.randomUUID(), 40);
        request.put("target", "grade");
        var layer = (ObjectNode) request.at("/model/layers/0");
        layer.put("out_features", 2);
        var run = service.train(request, service.upload(csv.toString()));

        var answer =
                client.post(
                        "/v1/models/%s:predict".formatted(request.get("name").stringValue()),
                        """
                        {"rows": [{"size": 3, "colour": "red", "fast": true},
                                  {"size": 3, "colour": "blue", "fast": false, "grade": 1}]}
                        """);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.json().at("/predictions/0/label").intValue()).isEqualTo(1);
        assertThat(answer.json().at("/predictions/1/label").intValue()).isEqualTo(2);
        assertThat(client.get(run.at("/model/url").stringValue()).json().at("/features").size())
                .isEqualTo(3);
    }

    private byte[] weights(JsonNode run) {
        return client.get(run.at("/model/url").stringValue() + "/files/model.safetensors").body();
    }

    private static String id(JsonNode resource) {
        return resource.get("id").stringValue();
    }

    private static ObjectNode request(String name, int epochs) {
        return (ObjectNode)
                JsonMapper.shared()
                        .readTree(
                                """
                                {"name": "%s", "target": "species", "seed": 7,
                                 "model": {"layers": [{"type": "Linear", "out_features": 3}]},
                                 "loss": "CrossEntropyLoss", "optimizer": {"type": "Adam", "lr": 0.05},
                                 "epochs": %d}
                                """
                                        .formatted(name, epochs));
    }
}
