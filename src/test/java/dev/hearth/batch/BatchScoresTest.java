package dev.hearth.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import dev.hearth.dataset.Values;
import dev.hearth.serving.Prediction;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How well a model does on several targets is what the evaluation of its run says, where the data
 * set has the rows that the run held out. That one is measured by the training program, of single
 * precision, hence the tolerance.
 */
@HearthTest
class BatchScoresTest {

    private static final double TOLERANCE = 2e-6;
    private static final int ROWS = 400;

    @Autowired Client client;

    private BatchCalls calls;
    private Service service;

    @BeforeEach
    void speakToTheService() {
        calls = new BatchCalls(client);
        service = new Service(client);
    }

    /** A data set, and the rows that validate. */
    private record Rows(String header, List<String> training, List<String> validation) {

        static Rows of(String header, RowMaker maker) {
            var chance = new Random(7);
            var parts = List.of(new ArrayList<String>(), new ArrayList<String>());
            for (int row = 0; row < ROWS; row++) {
                double x = chance.nextGaussian();
                double u = chance.nextGaussian();
                int part = row % 4 == 0 ? 1 : 0;
                parts.get(part)
                        .add(
                                String.format(
                                        Locale.ROOT,
                                        "%s,%s,%s,%s\n",
                                        x,
                                        u,
                                        part == 0 ? "train" : "validation",
                                        maker.targets(x, u, chance)));
            }
            return new Rows(
                    "x,u,part," + header + "\n",
                    List.copyOf(parts.get(0)),
                    List.copyOf(parts.get(1)));
        }

        String all() {
            return header + String.join("", training) + String.join("", validation);
        }

        /** Those that validate, and some whose targets are not all there. */
        String heldOut(String... more) {
            return header + String.join("", validation) + String.join("", more);
        }
    }

    private interface RowMaker {
        String targets(double x, double u, Random chance);
    }

    @ParameterizedTest
    @CsvSource({"BCEWithLogitsLoss, false", "MultiLabelSoftMarginLoss, true"})
    void severalLabelsAreScoredTogetherAndEachByItself(String loss, boolean words) {
        Rows rows =
                Rows.of(
                        "warm,late",
                        (x, u, chance) ->
                                label(x + chance.nextGaussian() > 0, words)
                                        + ","
                                        + label(x - u + chance.nextGaussian() > 0.7, words));

        var scored =
                new Compared(
                        rows,
                        "\"" + loss + "\"",
                        "\"warm\", \"late\"",
                        "",
                        "0,0,train,," + label(true, words) + "\n");

        scored.assertMetrics(
                "accuracy",
                "f1_micro",
                "f1_macro",
                "precision_macro",
                "recall_macro",
                "precision_micro",
                "recall_micro",
                "roc_auc");
        scored.assertColumns(
                "labels", "accuracy", "precision", "recall", "f1", "support", "roc_auc");
        assertThat(scored.prediction.has("targets")).isFalse();
        assertThat(scored.prediction.at("/labels/0/accuracy").doubleValue()).isGreaterThan(0.6);
    }

    private static String label(boolean yes, boolean word) {
        return word ? String.valueOf(yes) : yes ? "1" : "0";
    }

    @Test
    void severalNumbersAreScoredTogetherAndEachInItsUnit() {
        Rows rows =
                Rows.of(
                        "height,depth",
                        (x, u, chance) ->
                                (180 + 10 * x + chance.nextGaussian()) + "," + (2 * u - x) / 50);

        var scored =
                new Compared(rows, "\"MSELoss\"", "\"height\", \"depth\"", "", "0,0,train,170,\n");

        scored.assertMetrics("mae", "rmse", "r2");
        scored.assertColumns("targets", "mae", "rmse", "r2");
        assertThat(scored.prediction.has("labels")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void partsOfAWholeAreScoredAsTheyAreAndNotAsLogarithms(boolean logarithms) {
        Rows rows =
                Rows.of(
                        "oil,water",
                        (x, _, _) -> {
                            double oil = 1 / (1 + Math.exp(-x));
                            return logarithms
                                    ? Math.log(oil) + "," + Math.log(1 - oil)
                                    : oil + "," + (1 - oil);
                        });

        var scored =
                new Compared(
                        rows,
                        "{\"type\": \"KLDivLoss\", \"log_target\": %s, \"reduction\": \"batchmean\"}"
                                .formatted(logarithms),
                        "\"oil\", \"water\"",
                        ", {\"type\": \"LogSoftmax\", \"dim\": 1}",
                        "0,0,train,,0.5\n");

        scored.assertMetrics("mae", "rmse", "r2");
        scored.assertColumns("targets", "mae", "rmse", "r2");
        assertThat(scored.prediction.at("/metrics/mae").doubleValue()).isLessThan(0.2);
    }

    @Test
    void withoutOneOfTheTargetsNothingIsScored() {
        Rows rows = Rows.of("a,b", (x, u, _) -> x + "," + u);
        String model = train(rows, "\"MSELoss\"", "\"a\", \"b\"", "").get(0);

        var prediction = calls.predict(model, service.upload("x,u,a\n1,2,3\n4,5,6\n"));

        assertThat(prediction.get("metrics").size()).isZero();
        assertThat(prediction.has("targets")).isFalse();
    }

    @Test
    void beyondAMillionScoresThereIsNoRocAuc() {
        var objective =
                new Objective(
                        List.of("a", "b"),
                        new LossSpec.BCELoss(LossSpec.Reduction.MEAN),
                        Optional.empty(),
                        List.of());
        Values yes = new Numbers(row -> row % 2);
        var score = new ScoreOfLabels(objective, List.of(yes, yes));
        var right =
                List.of(
                        new Prediction(null, null, Map.of("a", 0.1, "b", 0.2), null, null),
                        new Prediction(null, null, Map.of("a", 0.8, "b", 0.9), null, null));
        for (int row = 0; row < ScoreOfLabels.MOST_SCORES / 2; row++) {
            score.add(row, right.get(row % 2));
        }
        assertThat(score.scores().metrics()).containsEntry("roc_auc", 1.0);

        score.add(1, right.get(0));

        assertThat(score.scores().metrics()).doesNotContainKey("roc_auc");
        assertThat(score.scores().metrics().get("accuracy"))
                .isCloseTo(500_000.0 / 500_001, within(1e-12));
        assertThat(score.scores().labels()).hasSize(2);
    }

    private record Numbers(LongToDoubleFunction values) implements Values {
        @Override
        public double at(long row) {
            return values.applyAsDouble(row);
        }

        @Override
        public boolean missingAt(long row) {
            return false;
        }
    }

    /** Answers the model's name and the run's ID. */
    private List<String> train(Rows rows, String loss, String targets, String after) {
        var name = "scores-" + UUID.randomUUID();
        var request =
                """
                {"name": "%s", "target": [%s], "loss": %s, "optimizer": {"type": "Adam", "lr": 0.05},
                 "model": {"layers": [{"type": "Linear", "out_features": 2}%s]}, "epochs": 20,
                 "split": {"column": "part"}}
                """
                        .formatted(name, targets, loss, after);
        JsonNode run =
                service.train(JsonMapper.shared().readTree(request), service.upload(rows.all()));
        return List.of(name, run.get("id").stringValue());
    }

    /** A run's evaluation of the rows that it held out, and a prediction's of the same rows. */
    private final class Compared {

        private final JsonNode evaluation;
        private final JsonNode prediction;

        Compared(Rows rows, String loss, String targets, String after, String incomplete) {
            List<String> trained = train(rows, loss, targets, after);
            evaluation = client.get("/v1/runs/" + trained.get(1) + "/evaluation").json();
            prediction = calls.predict(trained.get(0), service.upload(rows.heldOut(incomplete)));
            assertThat(prediction.get("rows").longValue())
                    .isEqualTo(evaluation.get("rows").longValue() + 1);
        }

        void assertMetrics(String... names) {
            JsonNode metrics = prediction.get("metrics");
            assertThat(metrics.propertyNames()).containsExactly(names);
            for (String name : names) {
                assertAlike(metrics.get(name), evaluation.at("/metrics/" + name));
            }
        }

        void assertColumns(String part, String... names) {
            JsonNode columns = prediction.get(part);
            assertThat(columns.size()).isEqualTo(2);
            for (int i = 0; i < columns.size(); i++) {
                JsonNode expected = evaluation.get(part).get(i);
                assertThat(columns.get(i).get("column")).isEqualTo(expected.get("column"));
                for (String name : names) {
                    assertAlike(columns.get(i).get(name), expected.get(name));
                }
            }
        }

        private static void assertAlike(JsonNode actual, JsonNode expected) {
            double value = expected.doubleValue();
            assertThat(actual.doubleValue())
                    .isCloseTo(value, within(TOLERANCE * Math.max(1, Math.abs(value))));
        }
    }
}
