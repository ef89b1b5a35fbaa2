package dev.hearth.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a model can be made to learn, through the whole service: losses, weights, targets. */
@HearthTest
class ObjectivesTest {

    @Autowired Client client;

    private Service service;
    private String name;

    @BeforeEach
    void begin() {
        service = new Service(client);
        name = "objective-" + UUID.randomUUID();
    }

    private JsonNode request(String target, int outputs, String loss, String more) {
        return JsonMapper.shared()
                .readTree(
                        """
                        {"name": "%s", "target": %s, "seed": 3,
                         "model": {"layers": [{"type": "Linear", "out_features": %d}]},
                         "loss": %s, "optimizer": {"type": "Adam", "lr": 0.05}%s}
                        """
                                .formatted(
                                        name,
                                        target,
                                        outputs,
                                        loss,
                                        more.contains("epochs")
                                                ? more
                                                : more + ", \"epochs\": 60"));
    }

    private JsonNode predict(String rows) {
        Client.Answer answer =
                client.post("/v1/models/" + name + ":predict", "{\"rows\": [" + rows + "]}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json().get("predictions");
    }

    private JsonNode evaluation(JsonNode run) {
        return client.get("/v1/runs/" + run.get("id").stringValue() + "/evaluation").json();
    }

    /** One row in twenty is rare, and only a little apart from the others. */
    private static String rareEvents() {
        var random = new Random(1);
        var csv = new StringBuilder("x,event,w\n");
        for (int i = 0; i < 1000; i++) {
            boolean rare = i % 20 == 0;
            double x = random.nextGaussian() + (rare ? 1.5 : 0);
            csv.append("%s,%s,%s\n".formatted(x, rare, rare ? 19 : 1));
        }
        return csv.toString();
    }

    private static double recallOfEvents(JsonNode evaluation) {
        return evaluation.at("/classes/1/recall").doubleValue();
    }

    @Test
    void balancedWeightsFindWhatIsRare() {
        String data = service.upload(rareEvents());
        String features = ", \"features\": [\"x\"], \"metrics\": [\"f1_macro\", \"roc_auc\"]";

        JsonNode plain =
                service.train(request("\"event\"", 2, "\"CrossEntropyLoss\"", features), data);
        JsonNode balanced =
                service.train(
                        request(
                                "\"event\"",
                                2,
                                "{\"type\": \"CrossEntropyLoss\", \"weight\": \"balanced\"}",
                                features),
                        data);

        assertThat(recallOfEvents(evaluation(plain))).isLessThan(0.3);
        assertThat(recallOfEvents(evaluation(balanced))).isGreaterThan(0.5);
        assertThat(balanced.get("metrics").propertyNames())
                .containsExactly(
                        "train_loss",
                        "validation_loss",
                        "validation_f1_macro",
                        "validation_roc_auc",
                        "lr");
        JsonNode prediction = predict("{\"x\": 3}").get(0);
        assertThat(prediction.get("label").booleanValue()).isTrue();
        assertThat(prediction.at("/probabilities/true").doubleValue()).isGreaterThan(0.5);
    }

    @Test
    void anEvaluationAddsUp() {
        JsonNode run =
                service.train(
                        request("\"event\"", 2, "\"CrossEntropyLoss\"", ", \"epochs\": 1"),
                        service.upload(rareEvents()));

        JsonNode evaluation = evaluation(run);

        assertThat(evaluation.get("rows").intValue()).isEqualTo(200);
        assertThat(evaluation.at("/confusion/classes").toString())
                .isEqualTo("[\"false\",\"true\"]");
        long said = 0;
        long right = 0;
        for (int i = 0; i < 2; i++) {
            long ofClass = 0;
            for (JsonNode count : evaluation.at("/confusion/counts").get(i)) {
                ofClass += count.longValue();
            }
            said += ofClass;
            right += evaluation.at("/confusion/counts").get(i).get(i).longValue();
            assertThat(evaluation.at("/classes").get(i).get("support").longValue())
                    .isEqualTo(ofClass);
        }
        assertThat(said).isEqualTo(200);
        assertThat(evaluation.at("/metrics/accuracy").doubleValue())
                .isEqualTo(right / 200.0)
                .isEqualTo(run.at("/metrics/validation_accuracy").doubleValue());
        assertThat(client.get(run.at("/model/url").stringValue()).json().get("evaluation"))
                .isEqualTo(evaluation);
    }

    @Test
    void weightsOfRowsAreLikeWeightsOfTheirClass() {
        String data = service.upload(rareEvents());
        String features = ", \"features\": [\"x\"]";

        JsonNode byRow =
                service.train(
                        request(
                                "\"event\"",
                                2,
                                "\"CrossEntropyLoss\"",
                                features + ", \"sample_weight\": \"w\""),
                        data);
        JsonNode byClass =
                service.train(
                        request(
                                "\"event\"",
                                2,
                                "{\"type\": \"CrossEntropyLoss\", \"weight\": {\"true\": 19}}",
                                features),
                        data);

        assertThat(byRow.at("/metrics/train_loss").doubleValue())
                .isCloseTo(byClass.at("/metrics/train_loss").doubleValue(), within(1e-5));
        assertThat(byRow.at("/metrics/validation_loss").doubleValue())
                .isCloseTo(byClass.at("/metrics/validation_loss").doubleValue(), within(1e-5));
    }

    @Test
    void aColumnOfWeightsIsNoInput() {
        service.train(
                request("\"event\"", 1, "\"BCEWithLogitsLoss\"", ", \"sample_weight\": \"w\""),
                service.upload(rareEvents()));

        assertThat(client.get("/v1/models/" + name).json().at("/features").size()).isEqualTo(1);
    }

    @Test
    void severalNumbersArePredictedByTheirColumns() {
        var csv = new StringBuilder("x,double,less one,same\n");
        for (int i = 0; i < 100; i++) {
            double x = i / 10.0;
            csv.append("%s,%s,%s,7\n".formatted(x, 2 * x, x - 1));
        }
        JsonNode run =
                service.train(
                        request(
                                "[\"double\", \"less one\", \"same\"]",
                                3,
                                "\"SmoothL1Loss\"",
                                ", \"epochs\": 400"),
                        service.upload(csv.toString()));

        JsonNode values = predict("{\"x\": 4, \"double\": 0}").get(0).get("values");

        assertThat(values.propertyNames()).containsExactly("double", "less one", "same");
        assertThat(values.get("double").doubleValue()).isCloseTo(8, within(0.1));
        assertThat(values.get("less one").doubleValue()).isCloseTo(3, within(0.1));
        JsonNode targets = evaluation(run).get("targets");
        assertThat(targets.get(0).get("column").stringValue()).isEqualTo("double");
        assertThat(targets.get(0).get("r2").doubleValue()).isGreaterThan(0.99);
        assertThat(targets.get(2).has("r2")).as("a constant has none").isFalse();
        assertThat(
                        client.post(
                                        "/v1/models/" + name + ":predict",
                                        "{\"rows\": [{\"x\": 4}]}",
                                        "Accept",
                                        "text/csv")
                                .text())
                .startsWith("value double,value less one,value same");
    }

    @Test
    void severalLabelsArePredictedByTheirColumns() {
        var random = new Random(2);
        var csv = new StringBuilder("x,z,positive,large\n");
        for (int i = 0; i < 300; i++) {
            double x = random.nextGaussian();
            double z = random.nextGaussian();
            csv.append("%s,%s,%s,%d\n".formatted(x, z, x > 0, z > 1 ? 1 : 0));
        }
        JsonNode run =
                service.train(
                        request(
                                "[\"positive\", \"large\"]",
                                2,
                                "{\"type\": \"BCEWithLogitsLoss\", \"pos_weight\": \"balanced\"}",
                                ""),
                        service.upload(csv.toString()));

        JsonNode prediction = predict("{\"x\": 2, \"z\": -2}").get(0);

        assertThat(prediction.at("/labels/positive").longValue()).isEqualTo(1);
        assertThat(prediction.at("/labels/large").longValue()).isZero();
        assertThat(prediction.at("/probabilities/positive").doubleValue()).isGreaterThan(0.9);
        assertThat(run.get("metrics").propertyNames())
                .contains("train_accuracy", "validation_f1_micro", "validation_f1_macro");
        JsonNode labels = evaluation(run).get("labels");
        assertThat(labels.get(1).get("column").stringValue()).isEqualTo("large");
        assertThat(labels.get(1).get("recall").doubleValue()).isGreaterThan(0.9);
        assertThat(labels.get(0).get("roc_auc").doubleValue()).isGreaterThan(0.95);
    }

    @Test
    void aDistanceTellsOneOfTwoClasses() {
        var csv = new StringBuilder("x,near\n");
        for (int i = 0; i < 100; i++) {
            csv.append("%s,%d\n".formatted(i / 10.0, i < 50 ? 1 : -1));
        }
        service.train(
                request("\"near\"", 1, "\"HingeEmbeddingLoss\"", ", \"epochs\": 200"),
                service.upload(csv.toString()));

        JsonNode predictions = predict("{\"x\": 0}, {\"x\": 9}");

        assertThat(predictions.get(0).get("label").intValue()).isEqualTo(1);
        assertThat(predictions.get(1).get("label").intValue()).isEqualTo(-1);
        assertThat(predictions.get(0).get("value").doubleValue())
                .isLessThan(predictions.get(1).get("value").doubleValue());
    }

    @Test
    void whatDoesNotFitTheDataIsToldWithItsPlace() {
        String data =
                service.upload(
                        "x,y,z,w,class\n"
                                + "1,-1,0.5,-2,a\n2,1,0.5,0,b\n3,2,0.25,1,c\n".repeat(20));

        assertRefused(
                request("[\"y\", \"z\"]", 2, "\"KLDivLoss\"", ""),
                data,
                "/target",
                "row 1 of column 'y' is -1.0; KLDivLoss needs parts of at least 0");
        assertRefused(
                request("\"y\"", 1, "\"PoissonNLLLoss\"", ""),
                data,
                "/target",
                "PoissonNLLLoss needs counts of at least 0 (and 19 more rows)");
        assertRefused(
                request("\"y\"", 1, "\"L1Loss\"", ", \"sample_weight\": \"w\""),
                data,
                "/sample_weight",
                "row 1 is -2.0; a weight is at least 0");
        assertRefused(
                request("\"y\"", 1, "\"L1Loss\"", ", \"sample_weight\": \"class\""),
                data,
                "/sample_weight",
                "column 'class' is categorical; weights are numbers");
        assertRefused(
                request(
                        "\"class\"",
                        3,
                        "{\"type\": \"CrossEntropyLoss\", \"weight\": {\"d\": 2}}",
                        ""),
                data,
                "/loss/weight/d",
                "there is no class \"d\"; there are \"a\", \"b\", \"c\"");
        assertRefused(
                request("\"class\"", 3, "{\"type\": \"CrossEntropyLoss\", \"weight\": [1, 2]}", ""),
                data,
                "/loss/weight",
                "expected 3 weights, one for each class in the order \"a\", \"b\", \"c\", got 2");
        assertRefused(
                request("[\"class\", \"y\"]", 2, "\"BCELoss\"", ""),
                data,
                "/target/0",
                "needs columns of true and false");
    }

    private void assertRefused(JsonNode request, String data, String pointer, String message) {
        var complete = (ObjectNode) request.deepCopy();
        complete.put("dataset", data);
        Client.Answer answer = client.post("/v1/runs", complete.toString());
        assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
        assertThat(answer.json().at("/errors/0/pointer").stringValue()).isEqualTo(pointer);
        assertThat(answer.json().at("/errors/0/message").stringValue()).contains(message);
    }
}
