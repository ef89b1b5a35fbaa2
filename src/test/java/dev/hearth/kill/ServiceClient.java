package dev.hearth.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks to a process of the service, in the words of the interface. */
final class ServiceClient {

    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;

    ServiceClient(String url) {
        this.url = url;
    }

    /** Uploads a sample that ships with Hearth and answers the data set's ID. */
    String upload(String sample) {
        try {
            String csv = Files.readString(Path.of("src/main/resources/samples", sample + ".csv"));
            String body =
                    "--hearth\r\nContent-Disposition: form-data; name=\"file\"; filename=\"data.csv\"\r\n"
                            + "Content-Type: text/csv\r\n\r\n"
                            + csv
                            + "\r\n--hearth--\r\n";
            return post("/v1/datasets", "multipart/form-data; boundary=hearth", body)
                    .get("id")
                    .stringValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Queues a run and answers its ID. */
    String submit(String request) {
        return post("/v1/runs", "application/json", request).get("id").stringValue();
    }

    JsonNode run(String id) {
        return get("/v1/runs/" + id);
    }

    /** Waits until a run has ended, however it ended. */
    JsonNode end(String run) {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(40))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> run(run), view -> state(view).matches("succeeded|failed|cancelled"));
    }

    static String state(JsonNode run) {
        return run.get("state").stringValue();
    }

    /** SHA-256 of weights and optimiser, and the metrics of all epochs, of a run that succeeded. */
    String result(JsonNode run) {
        assertThat(state(run)).as(run.toString()).isEqualTo("succeeded");
        return get(run.at("/model/url").stringValue())
                        .get("files")
                        .valueStream()
                        .filter(file ->
                                file.get("name")
                                        .stringValue()
                                        .matches("(raw_)?state_dict.pt|optimizer.pt"))
                        .map(file ->
                                file.get("name").stringValue()
                                        + " "
                                        + file.get("sha256").stringValue())
                        .sorted()
                        .toList()
                        .toString()
                + metrics(run.get("id").stringValue());
    }

    /** Of all epochs, in order, as the numbers were written. */
    List<String> metrics(String run) {
        return get("/v1/runs/%s/metrics?limit=10000".formatted(run))
                .get("items")
                .valueStream()
                .map(row -> row.get("epoch") + " " + row.get("metrics"))
                .toList();
    }

    JsonNode get(String path) {
        return send(HttpRequest.newBuilder(URI.create(url + path)).build());
    }

    JsonNode post(String path, String type, String body) {
        return send(
                HttpRequest.newBuilder(URI.create(url + path))
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString(body))
                        .build());
    }

    private JsonNode send(HttpRequest request) {
        try {
            var answer = http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
            assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
            return JsonMapper.shared().readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
