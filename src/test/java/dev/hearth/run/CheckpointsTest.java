package dev.hearth.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import dev.hearth.job.JobQueue;
import dev.hearth.storage.BlobStore;
import dev.hearth.storage.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Runs leave checkpoints behind, and go on from them. */
@HearthTest
class CheckpointsTest {

    @Autowired Client client;
    @Autowired JdbcClient jdbc;
    @Autowired JobQueue queue;
    @Autowired BlobStore blobs;

    private Service service;
    private String iris;

    @BeforeEach
    void upload() {
        service = new Service(client);
        iris = service.uploadSample("iris");
    }

    @Test
    void theLastTwoAndTheBestAreKept() {
        var run = service.train(request(6, "{\"every_epochs\": 1}"), iris);

        var kept = checkpoints(id(run));

        assertThat(numbers(kept)).startsWith(7, 6).hasSizeBetween(2, 3);
        assertThat(kept.at("/items/0/reason").stringValue()).isEqualTo("end");
        assertThat(kept.at("/items/0/epoch").intValue()).isEqualTo(6);
        assertThat(kept.at("/items/1/reason").stringValue()).isEqualTo("policy");
        assertThat(kept.at("/items/0/metrics")).isEqualTo(run.get("metrics"));
        assertThat(owners(id(run))).isEqualTo(kept.get("items").size());
    }

    @Test
    void asManyAreKeptAsIsAskedFor() {
        var run =
                service.train(
                        request(
                                9,
                                """
                                {"every_epochs": 2, "keep_last": 3, "keep_best": 2,
                                 "metric": "train_accuracy"}
                                """),
                        iris);

        var kept = checkpoints(id(run)).get("items");

        assertThat(kept.valueStream().map(one -> one.get("epoch").intValue()))
                .startsWith(9, 8, 6)
                .allMatch(epoch -> epoch % 2 == 0 || epoch == 9)
                .hasSizeBetween(3, 5);
    }

    @Test
    void aQuickRunThatSaysNothingHasJustTheLastOne() {
        var run = service.train(request(5, "{}"), iris);

        assertThat(numbers(checkpoints(id(run)))).containsExactly(1);
    }

    @Test
    void theLastCheckpointHoldsTheModelThatTheRunMade() {
        var request = request(3, "{}");
        request.putObject("ema").put("decay", 0.9);
        var run = service.train(request, iris);
        var files = "/v1/runs/" + id(run) + "/checkpoints/1/files/";
        var model = run.at("/model/url").stringValue() + "/files/";

        for (String file : List.of("state_dict.pt", "model.safetensors")) {
            assertThat(client.get(files + file).body()).isEqualTo(client.get(model + file).body());
        }
        var whole = client.get(files + "checkpoint.safetensors");
        assertThat(whole.text()).contains("hearth_checkpoint", id(run), "optimizer.exp_avg.0.bias");
        assertThat(client.get(files + "optimizer.bin").status()).isEqualTo(404);
        assertThat(client.get("/v1/runs/" + id(run) + "/checkpoints/9").status()).isEqualTo(404);
        assertThat(client.get("/v1/runs/" + id(run) + "/checkpoints/x").status()).isEqualTo(400);
    }

    @Test
    void aRunWhoseWorkerIsLostGoesOnFromItsCheckpointAndMakesTheSameModel() {
        var uninterrupted = service.train(longRequest(), iris);
        var run = service.submit(longRequest(), iris);
        service.await(run, view -> checkpoints(run).get("items").size() > 1);

        loseTheLease(run);
        queue.enqueue(RunWorker.KIND, run);
        var resumed = service.end(run);

        assertThat(resumed.get("state").stringValue())
                .as(resumed.toString())
                .isEqualTo("succeeded");
        assertThat(client.get("/v1/runs/" + run + "/events").text())
                .contains("it goes on from checkpoint");
        for (String file : List.of("state_dict.pt", "optimizer.pt", "raw_state_dict.pt")) {
            assertThat(file(resumed, file)).as(file).isEqualTo(file(uninterrupted, file));
        }
        assertThat(metrics(run)).isEqualTo(metrics(id(uninterrupted)));
    }

    @Test
    void aCheckpointBecomesAVersionThatPredicts() {
        var run = service.train(request(6, "{\"every_epochs\": 2, \"keep_last\": 9}"), iris);
        var first = checkpoints(id(run)).get("items").valueStream().toList().getLast();
        var path = "/v1/runs/%s/checkpoints/%d".formatted(id(run), first.get("number").intValue());

        var made = client.post(path + ":publish", "");

        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        assertThat(made.json().get("version").intValue()).isEqualTo(2);
        assertThat(made.json().get("checkpoint")).isEqualTo(first.get("number"));
        assertThat(made.json().get("run_id").stringValue()).isEqualTo(id(run));
        assertThat(made.json().get("metrics")).isEqualTo(first.get("metrics"));
        var version = made.header("Location");
        assertThat(client.get(version).json()).isEqualTo(made.json());
        assertThat(client.get(version + "/files/state_dict.pt").body())
                .isEqualTo(client.get(path + "/files/state_dict.pt").body());
        assertThat(made.json().at("/evaluation/metrics/loss"))
                .isEqualTo(first.at("/metrics/validation_loss"));
    }

    @Test
    void aDamagedCheckpointIsPassedOver() throws IOException {
        var uninterrupted = service.train(longRequest(), iris);
        var run = service.submit(longRequest(), iris);
        service.await(run, view -> checkpoints(run).get("items").size() > 1);
        loseTheLease(run);
        var newest = checkpoints(run).at("/items/0");
        Path file = blobs.file(new Sha256(newest.get("sha256").stringValue()));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);

        queue.enqueue(RunWorker.KIND, run);
        var resumed = service.end(run);

        assertThat(client.get("/v1/runs/" + run + "/events").text())
                .contains(
                        "it goes on from checkpoint %d,"
                                .formatted(newest.get("number").intValue() - 1));
        assertThat(file(resumed, "state_dict.pt")).isEqualTo(file(uninterrupted, "state_dict.pt"));
    }

    @Test
    void aMetricThatIsNotMeasuredIsRefused() {
        var request = request(1, "{\"metric\": \"validation_f1\"}").put("dataset", iris);

        var refused = client.post("/v1/runs", request.toString());

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("/checkpoint/metric", "validation_accuracy");
    }

    /** As if the worker's process had been taken for dead: it stops at its next write. */
    private void loseTheLease(String run) {
        jdbc.sql("UPDATE run SET fence = fence + 1 WHERE id = :id")
                .param("id", UUID.fromString(run))
                .update();
        service.await(run, _ -> queueIsEmpty(run));
    }

    private boolean queueIsEmpty(String run) {
        return jdbc.sql("SELECT count(*) FROM scheduled_tasks WHERE task_instance = :id")
                        .param("id", run)
                        .query(Integer.class)
                        .single()
                == 0;
    }

    private int owners(String run) {
        return jdbc.sql("SELECT count(*) FROM blob_owner WHERE owner LIKE :owner")
                .param("owner", "run:" + run + ":checkpoint:%")
                .query(Integer.class)
                .single();
    }

    private JsonNode checkpoints(String run) {
        return client.get("/v1/runs/" + run + "/checkpoints").json();
    }

    private static List<Integer> numbers(JsonNode checkpoints) {
        return checkpoints
                .get("items")
                .valueStream()
                .map(one -> one.get("number").intValue())
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

    private byte[] file(JsonNode run, String name) {
        return client.get(run.at("/model/url").stringValue() + "/files/" + name).body();
    }

    private static String id(JsonNode resource) {
        return resource.get("id").stringValue();
    }

    /** Some seconds' worth of epochs, with everything that keeps something. */
    private static ObjectNode longRequest() {
        var request = request(1000, "{\"every_epochs\": 50, \"keep_last\": 5}");
        request.putObject("ema").put("decay", 0.99);
        var layers = request.putObject("model").putArray("layers");
        layers.addObject().put("type", "Linear").put("out_features", 16);
        layers.addObject().put("type", "BatchNorm1d");
        layers.addObject().put("type", "Dropout").put("p", 0.2);
        layers.addObject().put("type", "Linear").put("out_features", 3);
        return request;
    }

    private static ObjectNode request(int epochs, String checkpoint) {
        return (ObjectNode)
                JsonMapper.shared()
                        .readTree(
                                """
                                {"name": "checkpoints-%s", "target": "species", "seed": 7,
                                 "model": {"layers": [{"type": "Linear", "out_features": 3}]},
                                 "loss": "CrossEntropyLoss", "optimizer": {"type": "Adam", "lr": 0.05},
                                 "epochs": %d, "checkpoint": %s}
                                """
                                        .formatted(UUID.randomUUID(), epochs, checkpoint));
    }
}
