package dev.hearth.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What tests of sweeps and cross-validations do again and again, in the words of the interface. */
final class Groupings {

    static final String SWEEPS = "/v1/sweeps";
    static final String CROSS_VALIDATIONS = "/v1/cross_validations";

    private static final Set<String> FINAL = Set.of("succeeded", "failed", "cancelled");

    private final Client client;

    Groupings(Client client) {
        this.client = client;
    }

    /** A small run on iris, without a name. */
    static ObjectNode run(String dataset, int epochs) {
        return object(
                """
                {"dataset": "%s", "target": "species", "seed": 7,
                 "model": {"layers": [{"type": "Linear", "out_features": 8}, {"type": "Tanh"},
                   {"type": "Dropout", "p": 0.1}, {"type": "Linear", "out_features": 3}]},
                 "loss": "CrossEntropyLoss", "optimizer": {"type": "Adam", "lr": 0.05},
                 "epochs": %d}
                """
                        .formatted(dataset, epochs));
    }

    /** A request with a name of its own. */
    static ObjectNode request(ObjectNode run, String rest) {
        ObjectNode request = object(rest);
        request.put("name", "sweep-" + UUID.randomUUID());
        request.set("run", run);
        return request;
    }

    static ObjectNode object(String json) {
        return (ObjectNode) JsonMapper.shared().readTree(json);
    }

    /** Begins and answers the resource's address. */
    String begin(String path, ObjectNode request) {
        Client.Answer answer = client.post(path, request.toString());
        assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
        String address = path + "/" + answer.json().get("id").stringValue();
        assertThat(answer.header("Location")).isEqualTo(address);
        return address;
    }

    JsonNode await(String address, Predicate<JsonNode> wanted) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> client.get(address).json(), wanted);
    }

    /** Waits until it has ended, however it ended. */
    JsonNode end(String address) {
        return await(address, view -> FINAL.contains(text(view, "state")));
    }

    /** Begins, waits, and has succeeded. */
    JsonNode succeed(String path, ObjectNode request) {
        JsonNode ended = end(begin(path, request));
        assertThat(text(ended, "state")).as(ended.toString()).isEqualTo("succeeded");
        return ended;
    }

    List<JsonNode> trials(String address) {
        return client.get(address + "/trials?limit=200").json().get("items").valueStream().toList();
    }

    static String text(JsonNode view, String field) {
        return view.get(field).stringValue();
    }
}
