package dev.hearth.run;

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
import tools.jackson.databind.node.ObjectNode;

/** Runs rest, go on, begin again and become longer, and are none the worse for it. */
@HearthTest
class RunControlTest {

    @Autowired Client client;

    private Service service;
    private String iris;

    @BeforeEach
    void upload() {
        service = new Service(client);
        iris = service.uploadSample("iris");
    }

    @Test
    void aRunThatWasPausedEndsAsIfItHadNotBeen() {
        var uninterrupted = service.train(request(4000), iris);
        var run = service.submit(request(4000), iris);
        service.await(run, view -> view.get("epoch").intValue() > 0);

        assertThat(post(run, "pause").status()).isEqualTo(202);
        var paused = service.await(run, view -> state(view).equals("paused"));
        assertThat(paused.has("device")).isFalse();
        assertThat(paused.has("finished_at")).isFalse();
        assertThat(client.get("/v1/runs/" + run + "/checkpoints").json().at("/items/0/reason"))
                .isEqualTo(text("pause"));
        assertThat(client.delete("/v1/datasets/" + iris).status()).isEqualTo(409);
        assertThat(post(run, "resume").status()).isEqualTo(202);

        assertThat(weights(service.end(run))).isEqualTo(weights(uninterrupted));
        assertThat(metrics(run)).isEqualTo(metrics(id(uninterrupted)));
        assertThat(events(run))
                .containsSequence("pausing", "paused", "queued", "preparing", "running")
                .endsWith("succeeded");
    }

    @Test
    void aPausedRunCanBeCancelledAndACancelledOneGoesOnWhenItIsTriedAgain() {
        var uninterrupted = service.train(request(4000), iris);
        var run = service.submit(request(4000), iris);
        service.await(run, view -> view.get("epoch").intValue() > 0);
        post(run, "pause");
        var paused = service.await(run, view -> state(view).equals("paused"));

        post(run, "cancel");
        assertThat(state(service.end(run))).isEqualTo("cancelled");
        assertThat(post(run, "resume").status()).isEqualTo(409);
        assertThat(post(run, "retry").status()).isEqualTo(202);

        assertThat(weights(service.end(run))).isEqualTo(weights(uninterrupted));
        assertThat(client.get("/v1/runs/" + run + "/events").text())
                .contains("it goes on from checkpoint");
        assertThat(paused.get("epoch").intValue()).isPositive();
    }

    @Test
    void aRunThatFailedFailsAgainForTheSameReason() {
        var request = request(50);
        request.put("target", "sepal_length").put("loss", "MSELoss");
        ((ObjectNode) request.at("/model/layers/0")).put("out_features", 1);
        request.putObject("optimizer").put("type", "SGD").put("lr", 1e30);
        var failed = service.end(service.submit(request, iris));

        assertThat(post(id(failed), "retry").status()).isEqualTo(202);
        var again = service.end(id(failed));

        assertThat(state(again)).isEqualTo("failed");
        assertThat(again.get("error")).isEqualTo(failed.get("error"));
        assertThat(again.at("/error/detail").stringValue())
                .contains("in epoch 1 at step ", "with a learning rate of 1.0E30");
    }

    @Test
    void aRunThatIsContinuedIsTheLongerRun() {
        var longer = service.train(request(30), iris);
        var run = service.train(request(20), iris);

        var answer = client.post("/v1/runs/" + id(run) + ":continue", "{\"epochs\": 10}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
        assertThat(answer.json().get("epochs").intValue()).isEqualTo(30);
        var continued = service.end(id(run));

        assertThat(weights(continued)).isEqualTo(weights(longer));
        assertThat(metrics(id(run))).isEqualTo(metrics(id(longer)));
        assertThat(continued.at("/model/version").intValue()).isEqualTo(2);
        assertThat(continued.at("/request/epochs").intValue()).isEqualTo(30);
    }

    @Test
    void aScheduleThatHasReachedItsEndIsNotContinued() {
        var request = request(3);
        request.putObject("scheduler").put("type", "OneCycleLR").put("max_lr", 0.1);
        var run = service.train(request, iris);

        var refused = client.post("/v1/runs/" + id(run) + ":continue", "{\"epochs\": 10}");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text()).contains("OneCycleLR");
    }

    @Test
    void onlyWhatMakesSenseIsDone() {
        var run = service.train(request(1), iris);

        for (String what : List.of("pause", "resume", "retry", "cancel")) {
            assertThat(post(id(run), what).status()).as(what).isEqualTo(409);
        }
        for (String body : List.of("{\"epochs\": 0}", "{\"epochs\": 1000000}", "{}")) {
            assertThat(client.post("/v1/runs/" + id(run) + ":continue", body).status())
                    .as(body)
                    .isEqualTo(422);
        }
    }

    @Test
    void aRunEndsWhenItNoLongerGetsBetterAndIsThatOfItsBestEpoch() {
        var request = request(400);
        request.putObject("optimizer").put("type", "SGD").put("lr", 2.0);
        request.putObject("early_stopping").put("patience", 3);
        var run = service.train(request, iris);

        var losses =
                metrics(id(run)).stream()
                        .map(row -> row.get("validation_loss").doubleValue())
                        .toList();
        int best = losses.indexOf(losses.stream().min(Double::compare).orElseThrow());
        assertThat(losses).hasSize(best + 1 + 3).hasSizeLessThan(400);
        var version = client.get(run.at("/model/url").stringValue()).json();
        assertThat(version.at("/evaluation/metrics/loss").doubleValue())
                .isEqualTo(losses.get(best));
        assertThat(version.at("/metrics/validation_loss").doubleValue())
                .isEqualTo(losses.get(best));
        assertThat(client.get("/v1/runs/" + id(run) + "/events").text())
                .contains("stopped_early", "has not improved for 3 epochs", "epoch " + (best + 1));
    }

    @Test
    void aRunEndsAfterSoManySteps() {
        var run = service.train(request(400).put("max_steps", 10), iris);

        assertThat(metrics(id(run))).as("120 rows are 4 mini-batches").hasSize(3);
        assertThat(client.get("/v1/runs/" + id(run) + "/events").text()).contains("max_steps = 10");
    }

    private Client.Answer post(String run, String what) {
        return client.post("/v1/runs/" + run + ":" + what, "");
    }

    private List<String> events(String run) {
        return client.get("/v1/runs/" + run + "/events")
                .json()
                .get("items")
                .valueStream()
                .map(event -> event.get("type").stringValue())
                .toList();
    }

    private List<JsonNode> metrics(String run) {
        return client.get("/v1/runs/" + run + "/metrics?limit=10000")
                .json()
                .get("items")
                .valueStream()
                .map(row -> row.get("metrics"))
                .toList();
    }

    private byte[] weights(JsonNode run) {
        assertThat(state(run)).as(run.toString()).isEqualTo("succeeded");
        return client.get(run.at("/model/url").stringValue() + "/files/model.safetensors").body();
    }

    private static JsonNode text(String value) {
        return JsonMapper.shared().getNodeFactory().stringNode(value);
    }

    private static String state(JsonNode run) {
        return run.get("state").stringValue();
    }

    private static String id(JsonNode resource) {
        return resource.get("id").stringValue();
    }

    private static ObjectNode request(int epochs) {
        return (ObjectNode)
                JsonMapper.shared()
                        .readTree(
                                """
                                {"name": "control-%s", "target": "species", "seed": 7,
                                 "model": {"layers": [{"type": "Linear", "out_features": 3},
                                   {"type": "Dropout", "p": 0.1}]},
                                 "loss": "CrossEntropyLoss", "optimizer": {"type": "Adam", "lr": 0.05},
                                 "epochs": %d}
                                """
                                        .formatted(UUID.randomUUID(), epochs));
    }
}
