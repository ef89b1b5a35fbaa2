package dev.hearth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Custom modules with inputs of their own, through the whole service. */
@HearthTest
class CustomModuleTest {

    /** The columns of the two inputs alternate, and one of each becomes three inputs. */
    private static final String HEADER = "left_kind,right_kind,left_size,right_size,distance\n";

    private static final String SPEC =
            """
            {
              "name": "towers",
              "target": "distance",
              "model": {
                "inputs": {
                  "left": ["left_size", "left_kind"],
                  "right": ["right_size", "right_kind"]
                },
                "modules": {
                  "encoder": {"type": "Sequential", "layers": [
                    {"type": "Linear", "out_features": 16},
                    {"type": "Tanh"},
                    {"type": "Linear", "out_features": 1}
                  ]}
                },
                "forward": [
                  {"name": "l", "call": "encoder", "inputs": ["left"]},
                  {"name": "r", "call": "encoder", "inputs": ["right"]},
                  {"name": "d", "op": "sub", "inputs": ["l", "r"]},
                  {"name": "y", "op": "abs", "inputs": ["d"]}
                ]
              },
              "loss": "MSELoss",
              "optimizer": {"type": "Adam", "lr": 0.02},
              "preprocessing": {"standardize": false},
              "epochs": 30
            }
            """;

    @Autowired Client client;

    private static String data() {
        var random = new Random(1);
        var csv = new StringBuilder(HEADER);
        String[] kinds = {"a", "b", "c"};
        for (int i = 0; i < 300; i++) {
            int left = random.nextInt(3);
            int right = random.nextInt(3);
            double leftSize = random.nextDouble();
            double rightSize = random.nextDouble();
            double distance = Math.abs(leftSize + left - rightSize - right);
            csv.append(
                    "%s,%s,%s,%s,%s\n"
                            .formatted(kinds[left], kinds[right], leftSize, rightSize, distance));
        }
        return csv.toString();
    }

    private JsonNode predict(String model, String rows) {
        Client.Answer answer = client.post("/v1/models/" + model + ":predict", rows);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json().get("predictions");
    }

    @Test
    void aModelWithSharedWeightsIsTrainedAndPredicts() {
        var service = new Service(client);
        String dataset = service.upload(data());
        JsonNode run = service.train(JsonMapper.shared().readTree(SPEC), dataset);

        assertThat(run.at("/metrics/validation_r2").doubleValue())
                .as(run.toString())
                .isGreaterThan(0.9);
        JsonNode both =
                predict(
                        "towers",
                        """
                        {"rows": [
                          {"left_kind": "a", "right_kind": "c", "left_size": 0.2, "right_size": 0.9},
                          {"left_kind": "c", "right_kind": "a", "left_size": 0.9, "right_size": 0.2},
                          {"left_kind": "b", "right_kind": "b", "left_size": 0.5, "right_size": 0.5}
                        ]}
                        """);
        double oneWay = both.get(0).get("value").doubleValue();
        assertThat(both.get(1).get("value").doubleValue()).isCloseTo(oneWay, within(1e-6));
        assertThat(both.get(2).get("value").doubleValue()).isZero();
    }

    @Test
    void aCheckAnswersLayersByPathAndNodesByName() {
        var service = new Service(client);
        String dataset = service.upload(data());
        String spec = SPEC.replaceFirst("\\{", "{\"dataset\": \"" + dataset + "\", ");

        JsonNode answer = client.post("/v1/specs:check", spec).json();

        assertThat(answer.get("layers").valueStream().map(layer -> layer.get("path").stringValue()))
                .containsExactly("encoder", "encoder.0", "encoder.1", "encoder.2");
        assertThat(answer.get("parameters").longValue()).isEqualTo(4 * 16 + 16 + 16 + 1);
        assertThat(answer.get("nodes").toString())
                .isEqualTo(
                        "[{\"module\":\"\",\"name\":\"l\",\"call\":\"encoder\",\"inputs\":[\"left\"],"
                                + "\"shape\":[1]},{\"module\":\"\",\"name\":\"r\",\"call\":\"encoder\","
                                + "\"inputs\":[\"right\"],\"shape\":[1]},{\"module\":\"\",\"name\":\"d\","
                                + "\"op\":\"sub\",\"inputs\":[\"l\",\"r\"],\"shape\":[1]},"
                                + "{\"module\":\"\",\"name\":\"y\",\"op\":\"abs\",\"inputs\":[\"d\"],"
                                + "\"shape\":[1]}]");
    }

    @Test
    void aColumnThatIsNotThereIsToldWhereTheInputNamesIt() {
        var service = new Service(client);
        String dataset = service.upload(data());
        String spec =
                SPEC.replaceFirst("\\{", "{\"dataset\": \"" + dataset + "\", ")
                        .replace("\"right_size\"", "\"right_length\"");

        Client.Answer answer = client.post("/v1/specs:check", spec);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().at("/errors/0/pointer").stringValue())
                .isEqualTo("/model/inputs/right/0");
    }
}
