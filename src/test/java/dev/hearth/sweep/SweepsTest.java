package dev.hearth.sweep;

import static dev.hearth.sweep.Groupings.SWEEPS;
import static dev.hearth.sweep.Groupings.request;
import static dev.hearth.sweep.Groupings.run;
import static dev.hearth.sweep.Groupings.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Sweeps from the request to the best model. */
@HearthTest
class SweepsTest {

    @Autowired Client client;
    @Autowired GroupProgress progress;

    private Service service;
    private Groupings sweeps;
    private String iris;

    @BeforeEach
    void upload() {
        service = new Service(client);
        sweeps = new Groupings(client);
        iris = service.uploadSample("iris");
    }

    @Test
    void aGridTrainsEveryCombinationAndPublishesTheBest() {
        var request =
                request(
                        run(iris, 12),
                        """
                        {"method": "grid", "parallelism": 2, "parameters":
                          {"/optimizer/lr": [0.05, 0.0001, 0.01], "/model/layers/0/out_features": [4, 8]}}
                        """);

        var sweep = sweeps.succeed(SWEEPS, request);

        var trials = sweeps.trials(address(sweep));
        assertThat(trials).hasSize(6);
        assertThat(sweep.at("/trials/succeeded").intValue()).isEqualTo(6);
        for (JsonNode trial : trials) {
            var alone = run(iris, 12);
            ((ObjectNode) alone.get("optimizer"))
                    .set("lr", trial.get("parameters").get("/optimizer/lr"));
            ((ObjectNode) alone.at("/model/layers/0"))
                    .set(
                            "out_features",
                            trial.get("parameters").get("/model/layers/0/out_features"));
            alone.put("name", text(request, "name"));
            var seen = client.get(text(trial, "run_url")).json();
            assertThat(seen.get("request")).isEqualTo(alone);
            assertThat(seen.has("model")).isEqualTo(trial.get("rank").intValue() == 1);
            assertThat(seen.get("part_of").toString())
                    .isEqualTo(
                            "{\"kind\":\"sweep\",\"id\":\"%s\",\"number\":%d,\"url\":\"%s\"}"
                                    .formatted(
                                            text(sweep, "id"),
                                            trial.get("trial").intValue(),
                                            address(sweep)));
        }
        var best = trials.stream().min(Comparator.comparingDouble(this::value)).orElseThrow();
        assertThat(sweep.get("best")).isEqualTo(best);
        assertThat(client.get("/v1/models/" + text(request, "name")).text())
                .as("only the best is published")
                .contains("/versions/1")
                .doesNotContain("/versions/2");
    }

    @Test
    void theModelIsTheOneThatTheBestRunAloneWouldHaveMade() {
        var run = run(iris, 40);
        run.putObject("early_stopping").put("patience", 2);
        run.putObject("optimizer").put("type", "SGD").put("lr", 1.5);
        var request =
                request(
                        run,
                        "{\"method\": \"grid\", \"parameters\": {\"/optimizer/lr\": [2.0, 1.0]}}");
        var sweep = sweeps.succeed(SWEEPS, request);
        var alone = run.deepCopy().put("name", text(request, "name") + ".a");
        ((ObjectNode) alone.get("optimizer"))
                .set("lr", sweep.get("best").get("parameters").get("/optimizer/lr"));

        var ended = service.train(alone, iris);

        var published = client.get(sweep.at("/model/url").stringValue()).json();
        var expected = client.get(ended.at("/model/url").stringValue()).json();
        assertThat(published.get("metrics")).isEqualTo(expected.get("metrics"));
        assertThat(published.get("evaluation")).isEqualTo(expected.get("evaluation"));
        assertThat(published.get("checkpoint").isNull()).isTrue();
        assertThat(text(published, "run_id")).isEqualTo(sweep.at("/best/run").stringValue());
        assertThat(weights(sweep)).isEqualTo(weights(ended));
    }

    @Test
    void randomTrialsAreThoseOfTheSeed() {
        var first = random(3);
        var again = random(3);
        var other = random(4);

        assertThat(parameters(again)).isEqualTo(parameters(first));
        assertThat(parameters(other)).isNotEqualTo(parameters(first));
        assertThat(parameters(first)).doesNotHaveDuplicates().hasSize(3);
        assertThat(sweeps.trials(address(first)).stream().map(this::value).toList())
                .isEqualTo(sweeps.trials(address(again)).stream().map(this::value).toList());
    }

    private JsonNode random(int seed) {
        return sweeps.succeed(
                SWEEPS,
                request(
                        run(iris, 3),
                        """
                        {"method": "random", "trials": 3, "seed": %d, "metric": "validation_accuracy",
                         "parameters": {"/optimizer/lr": {"min": 1e-4, "max": 0.1, "scale": "log"},
                           "/model/layers/0/out_features": {"min": 4, "max": 16, "type": "int"}}}
                        """
                                .formatted(seed)));
    }

    @Test
    void halvingLetsTheBestGoOnFromWhereTheyStopped() {
        var run = run(iris, 9);
        run.remove("epochs");
        var request =
                request(
                        run,
                        """
                        {"method": "successive_halving", "trials": 9, "seed": 1, "min_epochs": 2,
                         "max_epochs": 18, "reduction_factor": 3,
                         "parameters": {"/optimizer/lr": {"min": 1e-4, "max": 0.1, "scale": "log"}}}
                        """);

        var sweep = sweeps.succeed(SWEEPS, request);

        var trials = sweeps.trials(address(sweep));
        assertThat(trials.stream().map(trial -> trial.get("epochs").intValue()).sorted())
                .containsExactly(2, 2, 2, 2, 2, 2, 6, 6, 18);
        assertThat(sweep.get("rungs").toString()).isEqualTo("[2,6,18]");
        assertThat(sweep.at("/trials/stopped").intValue()).isEqualTo(8);
        assertThat(sweep.at("/best/epochs").intValue()).isEqualTo(18);
        for (int rung : List.of(2, 6)) {
            var there = trials.stream().filter(trial -> epochs(trial) >= rung).toList();
            var worstThatWentOn =
                    there.stream()
                            .filter(trial -> epochs(trial) > rung)
                            .mapToDouble(trial -> lossAfter(rung, trial))
                            .max()
                            .orElseThrow();
            assertThat(there.stream().filter(trial -> epochs(trial) == rung))
                    .allSatisfy(trial ->
                            assertThat(lossAfter(rung, trial))
                                    .isGreaterThanOrEqualTo(worstThatWentOn));
        }
        var alone = run.deepCopy().put("name", text(request, "name") + ".a").put("epochs", 18);
        ((ObjectNode) alone.get("optimizer"))
                .set("lr", sweep.get("best").get("parameters").get("/optimizer/lr"));
        assertThat(weights(sweep))
                .as("as if it had been trained for 18 epochs at once")
                .isEqualTo(weights(service.train(alone, iris)));
    }

    @Test
    void aTrialThatFailsDoesNotFailTheSweep() {
        var run = run(iris, 5);
        run.put("target", "sepal_length").put("loss", "MSELoss");
        ((ObjectNode) run.at("/model/layers/3")).put("out_features", 1);
        run.putObject("optimizer").put("type", "SGD");

        var sweep =
                sweeps.succeed(
                        SWEEPS,
                        request(
                                run,
                                "{\"method\": \"grid\", \"parameters\": {\"/optimizer/lr\": [1e30, 0.01]}}"));

        assertThat(sweep.at("/trials/failed").intValue()).isEqualTo(1);
        var trials = sweeps.trials(address(sweep));
        assertThat(text(trials.get(0), "state")).isEqualTo("failed");
        assertThat(text(trials.get(0), "error")).contains("in epoch 1 at step ");
        assertThat(trials.get(0).has("rank")).isFalse();
        assertThat(sweep.at("/best/trial").intValue()).isEqualTo(1);
    }

    @Test
    void aSweepAllOfWhoseTrialsFailSaysWhy() {
        var run = run(iris, 5);
        run.put("target", "sepal_length").put("loss", "MSELoss");
        ((ObjectNode) run.at("/model/layers/3")).put("out_features", 1);
        run.putObject("optimizer").put("type", "SGD");

        var sweep =
                sweeps.end(
                        sweeps.begin(
                                SWEEPS,
                                request(
                                        run,
                                        "{\"method\": \"grid\", \"parameters\": {\"/optimizer/lr\": [1e30, 1e29]}}")));

        assertThat(text(sweep, "state")).isEqualTo("failed");
        assertThat(text(sweep, "error")).startsWith("no trial succeeded; trial 0: ");
        assertThat(sweep.has("best")).isFalse();
    }

    @Test
    void aSweepThatIsCancelledCancelsItsRunsAndBeginsNoOthers() {
        var address = sweeps.begin(SWEEPS, slow());
        sweeps.await(address, view -> view.at("/trials/running").intValue() > 0);
        assertThat(client.delete(address).status()).isEqualTo(409);
        assertThat(client.delete("/v1/datasets/" + iris).status()).isEqualTo(409);

        assertThat(client.post(address + ":cancel", "").status()).isEqualTo(202);
        var sweep = sweeps.end(address);

        assertThat(text(sweep, "state")).isEqualTo("cancelled");
        assertThat(sweep.at("/trials/cancelled").intValue()).isEqualTo(4);
        assertThat(client.post(address + ":cancel", "").status()).isEqualTo(409);
        assertThat(sweeps.trials(address).stream().filter(trial -> trial.has("run")))
                .as("no more than may run at once had begun")
                .hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void aSweepThatIsDeletedTakesItsRunsAlongButTheOneThatTheModelIsOf() {
        var sweep =
                sweeps.succeed(
                        SWEEPS,
                        request(
                                run(iris, 2),
                                "{\"method\": \"grid\", \"parameters\": {\"/optimizer/lr\": [0.1, 0.01]}}"));
        var trials = sweeps.trials(address(sweep));

        assertThat(client.delete(address(sweep)).status()).isEqualTo(204);

        assertThat(client.get(address(sweep)).status()).isEqualTo(404);
        for (JsonNode trial : trials) {
            var run = client.get(text(trial, "run_url"));
            if (trial.get("rank").intValue() == 1) {
                assertThat(run.json().has("part_of")).isFalse();
                assertThat(run.json().at("/model/url")).isEqualTo(sweep.at("/model/url"));
            } else {
                assertThat(run.status()).isEqualTo(404);
            }
        }
    }

    @Test
    void aTrialIsNotContinuedByHand() {
        var sweep =
                sweeps.succeed(
                        SWEEPS,
                        request(
                                run(iris, 2),
                                "{\"method\": \"grid\", \"parameters\": {\"/optimizer/lr\": [0.1]}}"));

        var refused =
                client.post(
                        sweep.at("/best/run_url").stringValue() + ":continue", "{\"epochs\": 1}");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text()).contains("trial 0 of sweep " + text(sweep, "id"));
    }

    @Test
    void processesThatBringASweepOnAtTheSameTimeStartNoTrialTwice() throws Exception {
        var address = sweeps.begin(SWEEPS, slow().put("parallelism", 4));
        var id = java.util.UUID.fromString(address.substring(address.lastIndexOf('/') + 1));
        var rush = new ArrayList<Callable<Object>>();
        IntStream.range(0, 64)
                .forEach(_ -> rush.add(Executors.callable(() -> progress.advance(id))));

        try (var processes = Executors.newFixedThreadPool(8)) {
            for (Future<Object> each : processes.invokeAll(rush)) {
                each.get();
            }
        }

        var runs = sweeps.trials(address).stream().map(trial -> text(trial, "run")).toList();
        assertThat(runs).hasSize(4).doesNotHaveDuplicates();
        client.post(address + ":cancel", "");
        assertThat(text(sweeps.end(address), "state")).isEqualTo("cancelled");
        assertThat(
                        client.get("/v1/runs?limit=200")
                                .json()
                                .get("items")
                                .valueStream()
                                .filter(run -> address.equals(run.at("/part_of/url").asString(""))))
                .hasSize(4);
    }

    @Test
    void noMoreThanSoManyTrialsAreQueuedAtOnce() {
        var address = sweeps.begin(SWEEPS, slow());

        var view = client.get(address).json();
        assertThat(view.at("/trials/waiting").intValue()).isEqualTo(2);
        client.post(address + ":cancel", "");
        sweeps.end(address);
    }

    @Test
    void theTableIsThereAsCsvAndInPagesAndByRank() {
        var sweep =
                sweeps.succeed(
                        SWEEPS,
                        request(
                                run(iris, 2),
                                """
                                {"method": "grid", "parameters": {"/optimizer/lr": [0.0001, 0.01],
                                  "/model/layers/1/type": ["Tanh", "ReLU"]}}
                                """));
        var table = address(sweep) + "/trials";

        var csv = client.get(table + "?order=rank", "Accept", "text/csv").text().lines().toList();
        assertThat(csv.get(0))
                .isEqualTo(
                        "trial,/optimizer/lr,/model/layers/1/type,validation_loss,rank,state,epoch,epochs,run");
        assertThat(csv).hasSize(5);
        assertThat(csv.get(1)).contains(",0.01,", ",1,succeeded,2,2,");
        var first = client.get(table + "?order=rank&limit=3").json();
        assertThat(first.get("items")).hasSize(3);
        var second =
                client.get(table + "?order=rank&limit=3&cursor=" + text(first, "next_cursor"))
                        .json();
        assertThat(second.get("items")).hasSize(1);
        assertThat(second.at("/items/0/rank").intValue()).isEqualTo(4);
        assertThat(client.get(table + "?order=best").status()).isEqualTo(400);
    }

    @Test
    void sweepsAreListedAndAKeyMakesOneOnly() {
        var request =
                request(
                                run(iris, 1),
                                "{\"method\": \"grid\", \"parameters\": {\"/optimizer/lr\": [0.1]}}")
                        .toString();

        var one = client.post(SWEEPS, request, "Idempotency-Key", "sweep-key-" + iris);
        var same = client.post(SWEEPS, request, "Idempotency-Key", "sweep-key-" + iris);

        assertThat(same.json().get("id")).isEqualTo(one.json().get("id"));
        var address = SWEEPS + "/" + text(one.json(), "id");
        sweeps.end(address);
        var got = client.get(address);
        assertThat(client.get(address, "If-None-Match", got.header("ETag")).status())
                .isEqualTo(304);
        assertThat(client.get(SWEEPS + "?state=succeeded&limit=1").json().get("items")).hasSize(1);
        assertThat(client.get(SWEEPS + "?state=sleeping").status()).isEqualTo(400);
        assertThat(client.get(SWEEPS + "/" + iris).status()).isEqualTo(404);
        assertThat(client.get(SWEEPS + "/x").status()).isEqualTo(400);
    }

    private ObjectNode slow() {
        return request(
                run(iris, 100_000),
                """
                {"method": "grid", "parallelism": 2,
                 "parameters": {"/optimizer/lr": [0.1, 0.01, 0.001, 0.0001]}}
                """);
    }

    private byte[] weights(JsonNode resource) {
        return client.get(resource.at("/model/url").stringValue() + "/files/model.safetensors")
                .body();
    }

    private double lossAfter(int epoch, JsonNode trial) {
        return client.get(text(trial, "run_url") + "/metrics")
                .json()
                .at("/items/" + (epoch - 1) + "/metrics/validation_loss")
                .doubleValue();
    }

    private List<String> parameters(JsonNode sweep) {
        return sweeps.trials(address(sweep)).stream()
                .map(trial -> trial.get("parameters").toString())
                .toList();
    }

    private double value(JsonNode trial) {
        return trial.get("value").doubleValue();
    }

    private static int epochs(JsonNode trial) {
        return trial.get("epochs").intValue();
    }

    private static String address(JsonNode sweep) {
        return SWEEPS + "/" + text(sweep, "id");
    }
}
