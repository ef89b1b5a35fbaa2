package dev.hearth.sweep;

import static dev.hearth.sweep.Groupings.CROSS_VALIDATIONS;
import static dev.hearth.sweep.Groupings.request;
import static dev.hearth.sweep.Groupings.run;
import static dev.hearth.sweep.Groupings.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Every fold held out once. */
@HearthTest
class CrossValidationsTest {

    @Autowired Client client;

    private Service service;
    private Groupings groups;
    private String iris;

    @BeforeEach
    void upload() {
        service = new Service(client);
        groups = new Groupings(client);
        iris = service.uploadSample("iris");
    }

    @Test
    void itsNumbersAreThoseOfTheRunsMadeByHand() {
        var run = run(iris, 8);
        run.remove("seed");
        var view = groups.succeed(CROSS_VALIDATIONS, request(run, "{\"k_fold\": 4, \"seed\": 11}"));

        var byHand =
                IntStream.range(0, 4)
                        .mapToObj(fold -> {
                            var alone = run.deepCopy().put("seed", 11).put("name", "by-hand");
                            alone.putObject("split").put("k_fold", 4).put("fold", fold);
                            return service.train(alone, iris).get("metrics");
                        })
                        .toList();

        for (int fold = 0; fold < 4; fold++) {
            assertThat(view.at("/folds/" + fold + "/metrics")).isEqualTo(byHand.get(fold));
        }
        for (String name : new String[] {"validation_loss", "train_loss", "validation_accuracy"}) {
            var values = byHand.stream().mapToDouble(metrics -> metrics.get(name).doubleValue());
            double[] each = values.toArray();
            double mean = (each[0] + each[1] + each[2] + each[3]) / 4;
            double squares = 0;
            for (double value : each) {
                squares += (value - mean) * (value - mean);
            }
            var spread = view.get("metrics").get(name);
            assertThat(spread.get("mean").doubleValue()).isEqualTo(mean, within(1e-15));
            assertThat(spread.get("std").doubleValue())
                    .isEqualTo(Math.sqrt(squares / 4), within(1e-15));
            assertThat(spread.get("ddof").intValue()).isZero();
            assertThat(spread.get("values")).hasSize(4);
        }
        assertThat(view.get("metrics").has("lr")).isFalse();
    }

    @Test
    void itPublishesNothing() {
        var request = request(run(iris, 1), "{\"k_fold\": 2}");

        var view = groups.succeed(CROSS_VALIDATIONS, request);

        assertThat(client.get("/v1/models/" + text(request, "name")).status()).isEqualTo(404);
        var fold = client.get(view.at("/folds/1/run_url").stringValue()).json();
        assertThat(fold.has("model")).isFalse();
        assertThat(fold.at("/part_of/kind").stringValue()).isEqualTo("cross_validation");
        assertThat(fold.at("/part_of/number").intValue()).isEqualTo(1);
        assertThat(fold.at("/request/split").toString()).isEqualTo("{\"k_fold\":2,\"fold\":1}");
    }

    @Test
    void aFoldIsThatOfTheEpochThatItsRunResultsIn() {
        var run = run(iris, 60);
        run.putObject("optimizer").put("type", "SGD").put("lr", 2.0);
        run.putObject("early_stopping").put("patience", 2);

        var view = groups.succeed(CROSS_VALIDATIONS, request(run, "{\"k_fold\": 3}"));

        for (JsonNode fold : view.get("folds")) {
            double least =
                    client.get(text(fold, "run_url") + "/metrics")
                            .json()
                            .get("items")
                            .valueStream()
                            .mapToDouble(row -> row.at("/metrics/validation_loss").doubleValue())
                            .min()
                            .orElseThrow();
            assertThat(fold.at("/metrics/validation_loss").doubleValue()).isEqualTo(least);
        }
    }

    @Test
    void itFailsWithAFoldAndHasNoMean() {
        var run = run(iris, 3);
        run.put("target", "sepal_length").put("loss", "MSELoss");
        ((ObjectNode) run.at("/model/layers/3")).put("out_features", 1);
        run.putObject("optimizer").put("type", "SGD").put("lr", 1e30);

        var view = groups.end(groups.begin(CROSS_VALIDATIONS, request(run, "{\"k_fold\": 2}")));

        assertThat(text(view, "state")).isEqualTo("failed");
        assertThat(text(view, "error")).isEqualTo("folds 0, 1 failed; their runs say why");
        assertThat(view.has("metrics")).isFalse();
    }

    @Test
    void itIsCancelledListedAndDeleted() {
        var address =
                groups.begin(
                        CROSS_VALIDATIONS,
                        request(run(iris, 100_000), "{\"k_fold\": 3, \"parallelism\": 1}"));

        assertThat(client.post(address + ":cancel", "").status()).isEqualTo(202);
        var view = groups.end(address);

        assertThat(text(view, "state")).isEqualTo("cancelled");
        assertThat(view.at("/runs/cancelled").intValue()).isEqualTo(3);
        assertThat(client.get(CROSS_VALIDATIONS + "?state=cancelled").text())
                .contains(text(view, "id"));
        assertThat(client.get("/v1/sweeps/" + text(view, "id")).status()).isEqualTo(404);
        assertThat(client.delete(address).status()).isEqualTo(204);
        assertThat(client.get(address).status()).isEqualTo(404);
    }
}
