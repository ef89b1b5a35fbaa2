package dev.hearth.sweep;

import static dev.hearth.sweep.Groupings.CROSS_VALIDATIONS;
import static dev.hearth.sweep.Groupings.SWEEPS;
import static dev.hearth.sweep.Groupings.object;
import static dev.hearth.sweep.Groupings.request;
import static dev.hearth.sweep.Groupings.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.node.ObjectNode;

/** What is wrong with a sweep is told when it is sent, all at once and each in its place. */
@HearthTest
class BadSweepsTest {

    @Autowired Client client;

    private String iris;

    @BeforeEach
    void upload() {
        iris = new Service(client).uploadSample("iris");
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        var refused =
                refused(
                        SWEEPS,
                        request(
                                run(iris, 3).put("batch_size", 0),
                                """
                                {"method": "gird", "trials": 5000, "seeds": 1, "parallelism": 0,
                                 "metric": "validation_los", "mode": "up",
                                 "parameters": {"optimizer.lr": [0.1], "/optimizer/lr": [-1, 0.1],
                                   "/optimizer/betas/7": [1], "/model/layers/9/p": [0.5],
                                   "/loss/weight": [[1, 2, 3]], "/epochs": {"min": 5, "max": 2, "type": "int"},
                                   "/name": ["a"], "/seed": [], "/batch_size/x": 3, "/split/k_fold": [2, 2]}}
                                """));

        assertThat(pointers(refused))
                .contains(
                        "/method",
                        "/trials",
                        "/seeds",
                        "/parallelism",
                        "/mode",
                        "/parameters/optimizer.lr",
                        "/parameters/~1optimizer~1betas~17",
                        "/parameters/~1model~1layers~19~1p",
                        "/parameters/~1loss~1weight",
                        "/parameters/~1epochs/max",
                        "/parameters/~1name",
                        "/parameters/~1seed",
                        "/parameters/~1batch_size~1x",
                        "/parameters/~1split~1k_fold",
                        "/run/batch_size");
        assertThat(refused.text())
                .contains(
                        "did you mean \\\"grid\\\"?",
                        "write such as \\\"/optimizer/lr\\\"",
                        "write it as an object: {\\\"type\\\": \\\"CrossEntropyLoss\\\"}");
    }

    @Test
    void aValueThatDoesNotFitIsNamedInItsListAndACombinationByItsValues() {
        var values =
                refused(
                        SWEEPS,
                        request(
                                run(iris, 3),
                                """
                                {"method": "grid", "parameters": {"/optimizer/lr": [0.1, -1],
                                  "/optimizer/type": ["Adam", "Adamm"], "/model/layers/2/p": [0.5, 1.5]}}
                                """));
        var combination =
                refused(
                        SWEEPS,
                        request(
                                run(iris, 3),
                                """
                                {"method": "grid", "parameters": {
                                  "/model/layers/0": [{"type": "Linear", "out_features": 8}, {"type": "Flatten"}],
                                  "/model/layers/3/in_features": [8, 4, 5]}}
                                """));

        assertThat(pointers(values))
                .contains(
                        "/parameters/~1optimizer~1lr/1",
                        "/parameters/~1optimizer~1type/1",
                        "/parameters/~1model~1layers~12~1p/1");
        assertThat(pointers(combination))
                .isSubsetOf(
                        "/parameters/~1model~1layers~13~1in_features/0",
                        "/parameters/~1model~1layers~13~1in_features/1",
                        "/parameters/~1model~1layers~13~1in_features/2");
        assertThat(combination.text()).contains("expected 8, got 4");
    }

    @Test
    void anErrorOfSomeTrialsOutsideTheParametersSaysOfWhich() {
        var refused =
                refused(
                        SWEEPS,
                        request(
                                run(iris, 3),
                                """
                                {"method": "grid", "parameters": {"/target": ["species", "sepal_length"]}}
                                """));

        assertThat(refused.text()).contains("(in 1 of 2 trials, such as that with /target = ");
    }

    @Test
    void rangesAreChecked() {
        var refused =
                refused(
                        SWEEPS,
                        request(
                                run(iris, 3),
                                """
                                {"method": "random", "trials": 3, "parameters": {
                                  "/optimizer/lr": {"min": 0, "max": 1, "scale": "log"},
                                  "/optimizer/weight_decay": {"min": 0.5, "max": 0.5},
                                  "/optimizer/eps": {"min": 1e-9, "max": 1e999},
                                  "/model/layers/0/out_features": {"min": 4.5, "max": 8, "type": "int"},
                                  "/seed": {"min": 1, "type": "integer"}}}
                                """
                                        .replace("1e999", "\"1\"")));

        assertThat(pointers(refused))
                .contains(
                        "/parameters/~1optimizer~1lr/min",
                        "/parameters/~1optimizer~1weight_decay/max",
                        "/parameters/~1optimizer~1eps/max",
                        "/parameters/~1model~1layers~10~1out_features/min",
                        "/parameters/~1seed/max",
                        "/parameters/~1seed/type");
    }

    @Test
    void aDrawnValueThatDoesNotFitIsToldWhereItsRangeStands() {
        var refused =
                refused(
                        SWEEPS,
                        request(
                                run(iris, 3),
                                """
                                {"method": "random", "trials": 3, "parameters": {
                                  "/model/layers/0/out_features": {"min": 4, "max": 8}}}
                                """));

        assertThat(pointers(refused)).containsOnly("/parameters/~1model~1layers~10~1out_features");
    }

    @Test
    void thereAreNoMoreTrialsThanAreAllowed() {
        var hundred = IntStream.rangeClosed(1, 100).boxed().toList();
        var request =
                request(
                        run(iris, 3),
                        """
                        {"method": "grid", "parameters": {"/seed": %s, "/optimizer/lr": %s}}
                        """
                                .formatted(hundred, hundred));

        var refused = refused(SWEEPS, request);

        assertThat(pointers(refused)).containsExactly("/parameters");
        assertThat(refused.text()).contains("10,000 combinations", "at most 1,000 trials");
    }

    @Test
    void whatIsSaidTwiceIsSaidOnce() {
        var halving =
                refused(
                        SWEEPS,
                        request(
                                run(iris, 3).put("name", "other"),
                                """
                                {"method": "successive_halving", "min_epochs": 5, "max_epochs": 5,
                                 "parameters": {"/epochs": [1], "/optimizer": [{"type": "SGD", "lr": 0.1}],
                                   "/optimizer/lr": [0.1]}}
                                """));
        var folds =
                refused(
                        CROSS_VALIDATIONS,
                        request(
                                run(iris, 3).set("split", object("{\"validation\": 0.5}")),
                                "{\"k_fold\": 1, \"seed\": 1, \"test\": 1.5}"));

        assertThat(pointers(halving))
                .contains(
                        "/run/name",
                        "/run/epochs",
                        "/min_epochs",
                        "/parameters/~1epochs",
                        "/parameters/~1optimizer~1lr");
        assertThat(pointers(folds)).contains("/run/split", "/run/seed", "/k_fold", "/test");
    }

    @Test
    void whatAMethodDoesNotHaveIsRefused() {
        var refused =
                refused(
                        SWEEPS,
                        request(
                                run(iris, 3),
                                """
                                {"method": "grid", "trials": 3, "min_epochs": 1,
                                 "parameters": {"/optimizer/lr": {"min": 0.1, "max": 0.2}}}
                                """));

        assertThat(pointers(refused))
                .contains("/trials", "/min_epochs", "/parameters/~1optimizer~1lr");
    }

    @Test
    void aMetricThatNoEpochHasIsRefused() {
        var run = run(iris, 3);
        run.putObject("split").put("validation", 0);

        var refused =
                refused(
                        SWEEPS,
                        request(
                                run,
                                "{\"method\": \"grid\", \"parameters\": {\"/optimizer/lr\": [0.1]}}"));

        assertThat(pointers(refused)).containsExactly("/metric");
        assertThat(refused.text()).contains("no rows are held out");
    }

    @Test
    void aScheduleThatIsMadeForItsLengthIsNotHalved() {
        var run = run(iris, 9);
        run.putObject("scheduler").put("type", "OneCycleLR").put("max_lr", 0.1);

        var refused =
                refused(
                        SWEEPS,
                        request(
                                run,
                                """
                                {"method": "successive_halving", "parameters":
                                  {"/optimizer/lr": {"min": 0.001, "max": 0.1}}}
                                """));

        assertThat(pointers(refused)).containsExactly("/run/scheduler");
    }

    @Test
    void whatIsNoSweepAtAllIsRefused() {
        assertThat(client.post(SWEEPS, "{").status()).isEqualTo(400);
        assertThat(client.post(SWEEPS, "[]").status()).isEqualTo(422);
        assertThat(client.post(SWEEPS, "{}").status()).isEqualTo(422);
        assertThat(pointers(client.post(SWEEPS, "{\"run\": 3, \"method\": \"grid\"}")))
                .contains("/run");
        assertThat(client.post(CROSS_VALIDATIONS, "{}").status()).isEqualTo(422);
        var unknown =
                request(
                        run("0b6e2d0c-6d4f-4b8e-9a53-3c1f5a7e9d20", 3),
                        "{\"method\": \"grid\", \"parameters\": {\"/optimizer/lr\": [0.1]}}");
        assertThat(client.post(SWEEPS, unknown.toString()).status()).isEqualTo(404);
    }

    private Client.Answer refused(String path, ObjectNode request) {
        Client.Answer answer = client.post(path, request.toString());
        assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
        return answer;
    }

    private static List<String> pointers(Client.Answer refused) {
        return refused.json()
                .get("errors")
                .valueStream()
                .map(error -> error.get("pointer").stringValue())
                .toList();
    }
}
