package dev.hearth.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The order of the queue, and what is told of it, over HTTP. */
@HearthTest
class RunQueueTest {

    @Autowired Client client;

    private final String name = "queue-" + UUID.randomUUID();
    private Service service;
    private String iris;

    @BeforeEach
    void upload() {
        service = new Service(client);
        iris = service.uploadSample("iris");
    }

    @Test
    void aHigherPriorityGoesFirstAndItIsToldWhenEachIsExpectedToBegin() {
        service.train(request(50), iris);
        var busy = service.submit(request(1_000_000), iris);
        service.await(busy, view -> view.get("epoch").intValue() > 100);
        var first = service.submit(request(20), iris);
        var low = service.submit(request(20).put("priority", -1), iris);
        var high = service.submit(request(20).put("priority", 100), iris);

        for (var waiting : List.of(first, low, high)) {
            assertThat(view(waiting).get("state").stringValue()).isEqualTo("queued");
        }
        assertThat(view(high).get("queue_position").longValue()).isEqualTo(0);
        assertThat(view(first).get("queue_position").longValue()).isEqualTo(1);
        assertThat(view(low).get("queue_position").longValue()).isEqualTo(2);
        assertThat(view(low).get("priority").intValue()).isEqualTo(-1);
        assertThat(view(low).get("owner").stringValue()).isEqualTo("default");
        assertThat(time(view(high), "estimated_start"))
                .isAfter(Instant.now())
                .isBefore(time(view(high), "estimated_finish"));
        var page = client.get("/v1/runs?state=queued").json().get("items").valueStream().toList();
        assertThat(page).allSatisfy(run -> assertThat(run.has("estimated_start")).isTrue());
        assertThat(view(busy).has("queue_position")).isFalse();
        assertThat(time(view(busy), "estimated_finish")).isAfter(Instant.now());

        client.post("/v1/runs/" + busy + ":cancel", "");
        var started =
                List.of(time(service.end(high)), time(service.end(first)), time(service.end(low)));

        assertThat(started).isSorted();
    }

    @Test
    void nobodyKnowsHowLongARunOfANewKindTakes() {
        var busy = service.submit(request(1_000_000), iris);
        service.await(busy, view -> view.get("epoch").intValue() > 100);
        var another = request(20).put("name", name + "-new");

        var waiting = view(service.submit(another, iris));

        assertThat(waiting.get("queue_position").longValue()).isZero();
        assertThat(waiting.has("estimated_start")).isTrue();
        assertThat(waiting.has("estimated_finish")).isFalse();
        client.post("/v1/runs/" + busy + ":cancel", "");
        service.end(waiting.get("id").stringValue());
    }

    private JsonNode view(String run) {
        return client.get("/v1/runs/" + run).json();
    }

    private static Instant time(JsonNode run) {
        return time(run, "started_at");
    }

    private static Instant time(JsonNode run, String field) {
        assertThat(run.has(field)).as(run.toString()).isTrue();
        return Instant.parse(run.get(field).stringValue());
    }

    private ObjectNode request(int epochs) {
        return (ObjectNode)
                JsonMapper.shared()
                        .readTree(
                                """
                                {"name": "%s", "target": "species", "seed": 7,
                                 "model": {"layers": [{"type": "Linear", "out_features": 3}]},
                                 "loss": "CrossEntropyLoss",
                                 "optimizer": {"type": "Adam", "lr": 0.05}, "epochs": %d}
                                """
                                        .formatted(name, epochs));
    }
}
