package dev.hearth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What tests of whole paths do again and again, in the words of the interface. */
public final class Service {

    private static final Set<String> FINAL = Set.of("succeeded", "failed", "cancelled");

    private final Client client;

    public Service(Client client) {
        this.client = client;
    }

    /** Uploads a sample that ships with Hearth and answers the data set's ID. */
    public String uploadSample(String name) {
        try (InputStream csv = Service.class.getResourceAsStream("/samples/" + name + ".csv")) {
            return upload(new String(csv.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public String upload(String csv) {
        Client.Answer answer = client.postForm("/v1/datasets", Map.of("file;text/csv", csv));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.json().get("id").stringValue();
    }

    /** Queues a run and answers its ID. */
    public String submit(JsonNode request, String dataset) {
        var complete = (ObjectNode) request.deepCopy();
        complete.put("dataset", dataset);
        Client.Answer answer = client.post("/v1/runs", complete.toString());
        assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
        return answer.json().get("id").stringValue();
    }

    /** Waits until a run has ended, however it ended. */
    public JsonNode end(String run) {
        return await(run, view -> FINAL.contains(view.get("state").stringValue()));
    }

    /** Waits until a run is as {@code wanted}. */
    public JsonNode await(String run, Predicate<JsonNode> wanted) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> client.get("/v1/runs/" + run).json(), wanted);
    }

    public JsonNode train(JsonNode request, String dataset) {
        JsonNode run = end(submit(request, dataset));
        assertThat(run.get("state").stringValue()).as(run.toString()).isEqualTo("succeeded");
        return run;
    }
}
