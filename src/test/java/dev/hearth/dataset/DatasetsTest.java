package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;

/** Data sets through the whole service. */
@HearthTest
class DatasetsTest {

    private static final String CSV =
            """
            size,count,fast,colour,note
            1.5,1,true,red,"one, two"
            2.5,9007199254740993,false,blue,
            ,3,true,red,"a ""word\"""
            """;

    @Autowired Client client;

    @Value("${hearth.data-dir}")
    Path dataDir;

    private Service service;

    @BeforeEach
    void speakToTheService() {
        service = new Service(client);
    }

    @Test
    void anUploadIsAnsweredWithItsColumnsAndItsPlace() {
        var parts = new LinkedHashMap<String, String>();
        parts.put("file;text/csv", CSV);
        parts.put(
                "options;application/json",
                "{\"name\": \"mine\", \"columns\": {\"note\": \"text\"}}");

        var answer = client.postForm("/v1/datasets", parts);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        var made = answer.json();
        assertThat(answer.header("Location")).isEqualTo("/v1/datasets/" + id(made));
        assertThat(made.get("name").stringValue()).isEqualTo("mine");
        assertThat(made.get("rows").intValue()).isEqualTo(3);
        assertThat(made.get("columns").valueStream().map(c -> c.get("type").stringValue()))
                .containsExactly("numeric", "integer", "boolean", "categorical", "text");
        assertThat(made.at("/columns/0/missing").intValue()).isEqualTo(1);
        assertThat(made.at("/columns/3/categories").toString()).isEqualTo("[\"blue\",\"red\"]");
        assertThat(client.get("/v1/datasets/" + id(made)).json()).isEqualTo(made);
    }

    @Test
    void rowsComeBackAsTheyWere() {
        var id = service.upload(CSV);

        var rows = client.get("/v1/datasets/" + id + "/rows?limit=2").json();

        assertThat(rows.at("/items/0").toString())
                .isEqualTo(
                        "{\"size\":1.5,\"count\":1,\"fast\":true,\"colour\":\"red\",\"note\":\"one, two\"}");
        assertThat(rows.at("/items/1/count").longValue()).isEqualTo(9007199254740993L);
        assertThat(rows.at("/items/1/note").isNull()).isTrue();
        var next = rows.get("next_cursor").stringValue();
        var rest = client.get("/v1/datasets/" + id + "/rows?limit=2&cursor=" + next).json();
        assertThat(rest.get("items").size()).isEqualTo(1);
        assertThat(rest.get("next_cursor").isNull()).isTrue();
        assertThat(client.get("/v1/datasets/" + id + "/rows", "Accept", "text/csv").text())
                .isEqualTo(
                        """
                        size,count,fast,colour,note
                        1.5,1,true,red,"one, two"
                        2.5,9007199254740993,false,blue,
                        ,3,true,red,"a ""word\"""
                        """);
    }

    @Test
    void theReportTellsWhatEachColumnIsLike() {
        var report = client.get("/v1/datasets/" + service.upload(CSV) + "/report").json();

        assertThat(report.get("rows").intValue()).isEqualTo(3);
        assertThat(report.at("/columns/0/missing").intValue()).isEqualTo(1);
        assertThat(report.at("/columns/0/mean").doubleValue()).isEqualTo(2.0);
        assertThat(report.at("/columns/3/values/0/value").stringValue()).isEqualTo("red");
        assertThat(report.at("/columns/3/values/0/count").intValue()).isEqualTo(2);
    }

    @Test
    void everySampleCanBeHad() {
        for (JsonNode sample : client.get("/v1/datasets/builtin").json().get("items")) {
            var name = sample.get("name").stringValue();
            var answer = client.post("/v1/datasets", "{\"builtin\": \"" + name + "\"}");

            assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
            assertThat(answer.json().get("name").stringValue()).isEqualTo(name);
            assertThat(answer.json().get("rows").longValue())
                    .isEqualTo(sample.get("rows").longValue());
            assertThat(answer.json().get("columns").valueStream())
                    .anyMatch(column -> column.get("name").equals(sample.get("target")));
        }
    }

    @Test
    void theListHasEachDataSetOnceNewestFirst() {
        var made = Stream.generate(() -> service.upload(CSV)).limit(3).toList();
        var seen = new HashSet<String>();
        var cursor = "";
        do {
            var page = client.get("/v1/datasets?limit=2" + cursor).json();
            for (JsonNode item : page.get("items")) {
                assertThat(seen.add(id(item))).as("seen once").isTrue();
            }
            var next = page.get("next_cursor");
            cursor = next.isNull() ? "" : "&cursor=" + next.stringValue();
        } while (!cursor.isEmpty());
        assertThat(seen).containsAll(made);
    }

    @Test
    void theSameKeyMakesOneDataSet() {
        var key = UUID.randomUUID().toString();
        var parts = Map.of("file;text/csv", CSV);

        var first = client.postForm("/v1/datasets", parts, "Idempotency-Key", key);
        var again = client.postForm("/v1/datasets", parts, "Idempotency-Key", key);
        var other =
                client.postForm(
                        "/v1/datasets",
                        Map.of("file;text/csv", CSV + "4,5,true,red,\n"),
                        "Idempotency-Key",
                        key);

        assertThat(id(again.json())).isEqualTo(id(first.json()));
        assertThat(other.status()).isEqualTo(422);
    }

    @Test
    void deletingGivesTheBytesBackUnlessAnotherHasTheSame() throws IOException {
        var unique = CSV + "7.25,5,true," + UUID.randomUUID() + ",\n";
        var before = blobs();
        var one = service.upload(unique);
        var both = service.upload(unique);
        assertThat(blobs()).isEqualTo(before + 2);

        assertThat(client.delete("/v1/datasets/" + one).status()).isEqualTo(204);
        assertThat(blobs()).isEqualTo(before + 2);
        assertThat(client.get("/v1/datasets/" + both + "/rows").status()).isEqualTo(200);
        assertThat(client.delete("/v1/datasets/" + both).status()).isEqualTo(204);

        assertThat(blobs()).isEqualTo(before);
        assertThat(client.get("/v1/datasets/" + one).status()).isEqualTo(404);
        assertThat(client.delete("/v1/datasets/" + one).status()).isEqualTo(404);
    }

    @Test
    void aRefusedUploadLeavesNothingBehind() throws IOException {
        var before = blobs();

        assertThat(client.postForm("/v1/datasets", Map.of("file;text/csv", "a,b\n1\n")).status())
                .isEqualTo(422);

        assertThat(blobs()).isEqualTo(before);
        // The form itself goes when its request ends, which is just after the answer.
        await().ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .untilAsserted(() -> {
                    try (var scratch = Files.walk(dataDir.resolve("scratch"))) {
                        assertThat(scratch.filter(Files::isRegularFile))
                                .allMatch(file -> file.toString().endsWith(".lock"));
                    }
                });
    }

    private long blobs() throws IOException {
        try (var files = Files.walk(dataDir.resolve("blobs"))) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    private static String id(JsonNode dataset) {
        return dataset.get("id").stringValue();
    }
}
