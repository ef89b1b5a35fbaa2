package dev.hearth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.Client.Answer;
import dev.hearth.dataset.Zips;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Owners with a quota each, and a limit for a data set, through the whole service. */
@HearthTest
@TestPropertySource(
        properties = {
            "hearth.security.api-keys=alice:aaaaaaaaaaaaaaaaaaaa,bob:bbbbbbbbbbbbbbbbbbbb",
            "hearth.quota.max-bytes=300KB",
            "hearth.quota.owners.bob=20KB",
            "hearth.dataset.max-bytes=200KB",
        })
class QuotaTest {

    private static final String ALICE = "Bearer aaaaaaaaaaaaaaaaaaaa";
    private static final String BOB = "Bearer bbbbbbbbbbbbbbbbbbbb";

    @Autowired Client client;
    @Autowired JdbcClient sql;

    @Value("${hearth.data-dir}")
    Path dataDir;

    @AfterEach
    void deleteEverything() throws IOException {
        for (JsonNode item :
                client.get("/v1/datasets", "Authorization", ALICE).json().get("items")) {
            client.delete("/v1/datasets/" + item.get("id").stringValue(), "Authorization", ALICE);
        }
        for (var owner : List.of(ALICE, BOB)) {
            await().untilAsserted(() -> {
                assertThat(quota(owner).get("arriving_bytes").longValue()).isZero();
                assertThat(quota(owner).get("used_bytes").longValue()).isZero();
            });
        }
        assertThat(sql.sql("SELECT count(*) FROM storage_reservation").query(Long.class).single())
                .isZero();
        try (Stream<Path> files = Files.walk(dataDir.resolve("scratch"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .allMatch(file -> file.toString().endsWith(".lock"));
        }
    }

    private JsonNode quota(String key) {
        return client.get("/v1/storage", "Authorization", key).json().get("quota");
    }

    /** Text of which no two are the same. */
    private static byte[] csv(int bytes) {
        var random = new Random();
        var csv = new StringBuilder("a\n");
        while (csv.length() < bytes) {
            csv.append(random.nextInt(1_000_000, 9_999_999)).append('\n');
        }
        return csv.toString().getBytes(StandardCharsets.UTF_8);
    }

    private Answer upload(String key, byte[] csv) {
        return client.post("/v1/datasets", "text/csv", csv, "Authorization", key);
    }

    private Answer uploadChunked(String key, byte[] csv) {
        return client.send(
                "POST",
                "/v1/datasets",
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(csv)),
                "Authorization",
                key,
                "Content-Type",
                "text/csv");
    }

    private static void assertRefused(Answer answer, int status, String slug) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.json().get("type").stringValue()).endsWith(":" + slug);
    }

    @Test
    void whatIsDeclaredBeyondTheQuotaIsRefusedBeforeItIsRead() {
        var answer =
                client.sendRawForAnswer(
                        """
                        POST /v1/datasets HTTP/1.1\r
                        Host: localhost\r
                        Authorization: %s\r
                        Content-Type: text/csv\r
                        Content-Length: 30000\r
                        Connection: close\r
                        \r
                        """
                                .formatted(BOB));

        assertRefused(answer, 429, "quota-exceeded");
        assertThat(answer.header("Retry-After")).matches("\\d+");
        assertThat(answer.text()).contains("bob", "20480");
    }

    @Test
    void chunksAreCountedAsTheyCome() {
        assertRefused(uploadChunked(BOB, csv(30_000)), 429, "quota-exceeded");
        assertRefused(uploadChunked(ALICE, csv(250_000)), 413, "body-too-large");
        assertThat(uploadChunked(BOB, csv(5_000)).status()).isEqualTo(201);
    }

    @Test
    void formsAreCountedToo() {
        var form = new StringBuilder("--b\r\nContent-Disposition: form-data; name=\"file\";");
        form.append(" filename=\"x.csv\"\r\n\r\n");
        form.append(new String(csv(30_000), StandardCharsets.UTF_8)).append("\r\n--b--\r\n");
        var bytes = form.toString().getBytes(StandardCharsets.UTF_8);
        for (boolean chunked : new boolean[] {false, true}) {
            var answer =
                    client.send(
                            "POST",
                            "/v1/datasets",
                            chunked
                                    ? BodyPublishers.ofInputStream(
                                            () -> new ByteArrayInputStream(bytes))
                                    : BodyPublishers.ofByteArray(bytes),
                            "Authorization",
                            BOB,
                            "Content-Type",
                            "multipart/form-data; boundary=b");
            assertRefused(answer, 429, "quota-exceeded");
        }
    }

    @Test
    void whatIsMadeOfAFileCountsBeforeItIsWritten() {
        // 12 kB of text, and 8 bytes for each of 6,000 numbers.
        var csv = ("a\n" + "1\n2\n".repeat(3_000)).getBytes(StandardCharsets.UTF_8);
        assertRefused(upload(BOB, csv), 429, "quota-exceeded");
        // And compressed to a hundredth.
        var zeros = ("a\n" + "1\n".repeat(40_000)).getBytes(StandardCharsets.UTF_8);
        var answer =
                client.post(
                        "/v1/datasets",
                        "application/gzip",
                        Zips.gzip(zeros),
                        "Authorization",
                        ALICE);
        assertRefused(answer, 413, "body-too-large");
        assertThat(answer.text()).contains("hearth.dataset.max-bytes");
    }

    @Test
    void aDataSetThatIsPreparedLaterIsRejectedWithTheSameCode() {
        var csv = ("a\n" + "1\n2\n".repeat(3_000)).getBytes(StandardCharsets.UTF_8);
        var taken =
                client.post(
                        "/v1/datasets",
                        "text/csv",
                        csv,
                        "Authorization",
                        BOB,
                        "Prefer",
                        "respond-async");
        assertThat(taken.status()).as(taken.toString()).isEqualTo(202);
        assertThat(taken.json().get("owner").stringValue()).isEqualTo("bob");
        var path = "/v1/datasets/" + taken.json().get("id").stringValue();
        var rejected =
                await().until(
                                () -> client.get(path, "Authorization", BOB).json(),
                                view -> !view.get("state").stringValue().equals("preparing"));
        assertThat(rejected.get("state").stringValue()).isEqualTo("rejected");
        assertThat(rejected.at("/problem/status").intValue()).isEqualTo(429);
    }

    @Test
    void uploadsAtTheSameTimeShareTheQuotaOfTheirOwner() throws Exception {
        var uploads = new ArrayList<Callable<Answer>>();
        for (int i = 0; i < 12; i++) {
            var csv = csv(24_000); // and as many bytes again of its table
            boolean chunked = i % 2 == 0;
            uploads.add(() -> chunked ? uploadChunked(ALICE, csv) : upload(ALICE, csv));
        }
        int made = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : threads.invokeAll(uploads)) {
                if (answer.get().status() == 201) {
                    made++;
                } else {
                    assertRefused(answer.get(), 429, "quota-exceeded");
                }
            }
        }
        assertThat(made).isBetween(1, 6);
        assertThat(quota(ALICE).get("used_bytes").longValue()).isLessThanOrEqualTo(300 << 10);
        assertThat(quota(BOB).get("used_bytes").longValue()).isZero();
    }

    @Test
    void deletingGivesTheQuotaBackAtOnce() {
        var first = upload(ALICE, csv(90_000));
        assertThat(first.status()).as(first.toString()).isEqualTo(201);
        assertThat(quota(ALICE).get("used_bytes").longValue()).isGreaterThan(170_000);
        assertRefused(upload(ALICE, csv(90_000)), 429, "quota-exceeded");

        client.delete(
                "/v1/datasets/" + first.json().get("id").stringValue(), "Authorization", ALICE);

        assertThat(upload(ALICE, csv(90_000)).status()).isEqualTo(201);
    }

    @Test
    void partsOfAnUploadCountFromTheirFirstToTheDataSetMadeOfThem() {
        var csv = csv(9_000);
        assertRefused(announce(BOB, 30_000), 429, "quota-exceeded");
        assertRefused(announce(ALICE, 250_000), 413, "body-too-large");
        var announced = announce(BOB, csv.length);
        assertThat(announced.status()).as(announced.toString()).isEqualTo(201);
        assertThat(announced.json().get("owner").stringValue()).isEqualTo("bob");
        var id = announced.json().get("id").stringValue();
        var part =
                client.send(
                        "PUT",
                        "/v1/uploads/" + id + "/parts/1",
                        BodyPublishers.ofByteArray(csv),
                        "Authorization",
                        BOB,
                        "Content-Type",
                        "application/octet-stream");
        assertThat(part.status()).as(part.toString()).isEqualTo(200);
        assertThat(quota(BOB).get("used_bytes").longValue()).isEqualTo(csv.length);
        assertRefused(upload(BOB, csv(15_000)), 429, "quota-exceeded");

        var made =
                client.post(
                        "/v1/datasets", "{\"uploads\": [\"" + id + "\"]}", "Authorization", BOB);

        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        assertThat(quota(BOB).get("used_bytes").longValue()).isGreaterThan(csv.length);
    }

    @Test
    void aPredictionWhoseResultDoesNotFitFailsAndKeepsNothing() {
        var rows = new StringBuilder("x,y\n");
        for (int row = 0; row < 2_000; row++) {
            rows.append(row % 97).append(row % 2 == 0 ? ",even\n" : ",odd\n");
        }
        var dataset = id(upload(ALICE, rows.toString().getBytes(StandardCharsets.UTF_8)));
        var run =
                id(
                        client.post(
                                "/v1/runs",
                                """
                                {"name": "quota", "dataset": "%s", "target": "y", "loss": "CrossEntropyLoss",
                                 "model": {"layers": [{"type": "Linear", "out_features": 2}]},
                                 "optimizer": {"type": "Adam"}, "epochs": 1}
                                """
                                        .formatted(dataset),
                                "Authorization",
                                ALICE));
        ended("/v1/runs/" + run, ALICE);

        var prediction =
                "/v1/predictions/"
                        + id(
                                client.post(
                                        "/v1/predictions",
                                        "{\"model\": \"quota\", \"dataset_id\": \"%s\"}"
                                                .formatted(dataset),
                                        "Authorization",
                                        BOB));
        var failed = ended(prediction, BOB);

        assertThat(failed.get("owner").stringValue()).isEqualTo("bob");
        assertThat(failed.at("/error/type").stringValue())
                .isEqualTo("urn:hearth:problem:quota-exceeded");
        assertThat(failed.at("/error/detail").stringValue())
                .startsWith("owner 'bob' may store 20480 bytes");
        assertThat(quota(BOB).get("used_bytes").longValue()).isZero();
        for (var path : List.of(prediction, "/v1/models/quota/versions/1", "/v1/runs/" + run)) {
            assertThat(client.delete(path, "Authorization", ALICE).status()).isEqualTo(204);
        }
    }

    private Answer post(String path, String body, String... headers) {
        var all = new ArrayList<>(List.of("Authorization", BOB));
        all.addAll(List.of(headers));
        return client.post(path, body, all.toArray(String[]::new));
    }

    @Test
    void aRunThatPassesTheQuotaKeepsAllThatItTrainsAndNothingElseBegins() {
        var rows = "x,y\n" + "1,odd\n2,even\n3,odd\n4,even\n".repeat(5);
        var dataset = id(upload(BOB, rows.getBytes(StandardCharsets.UTF_8)));
        var run =
                """
                {"name": "large", "dataset": "%s", "target": "y", "loss": "CrossEntropyLoss",
                 "model": {"layers": [{"type": "Linear", "out_features": 1000}, {"type": "ReLU"},
                                      {"type": "Linear", "out_features": 2}]},
                 "optimizer": {"type": "Adam"}, "epochs": 3,
                 "checkpoint": {"every_epochs": 1, "keep_last": 3}}
                """
                        .formatted(dataset);
        var path = "/v1/runs/" + id(post("/v1/runs", run, "Idempotency-Key", "one"));
        var ended = ended(path, BOB);

        assertThat(ended.get("state").stringValue()).as(ended.toString()).isEqualTo("succeeded");
        assertThat(client.get(path + "/checkpoints", "Authorization", BOB).json().get("items"))
                .hasSize(4); // those of three epochs, and of the end
        assertThat(quota(BOB).get("used_bytes").longValue()).isGreaterThan(20 << 10);

        assertRefused(post("/v1/runs", run), 429, "quota-exceeded");
        assertRefused(
                post(
                        "/v1/sweeps",
                        "{\"run\": "
                                + run
                                + ", \"method\": \"grid\","
                                + " \"parameters\": {\"/optimizer/lr\": [0.1, 0.2]}}"),
                429,
                "quota-exceeded");
        assertRefused(
                post("/v1/cross_validations", "{\"run\": " + run + ", \"k_fold\": 2}"),
                429,
                "quota-exceeded");
        assertRefused(post(path + ":continue", "{\"epochs\": 1}"), 429, "quota-exceeded");
        assertRefused(post(path + "/checkpoints/1:publish", ""), 429, "quota-exceeded");
        assertRefused(importOf(new byte[3_000]), 429, "quota-exceeded");
        assertThat(path).endsWith(id(post("/v1/runs", run, "Idempotency-Key", "one")));
        assertThat(post("/v1/specs:check", run).status()).isEqualTo(200);

        deleteWithModel(path, ended);
        var again = "/v1/runs/" + id(post("/v1/runs", run));
        deleteWithModel(again, ended(again, BOB));
    }

    private void deleteWithModel(String path, JsonNode run) {
        var version = "/v1/models/large/versions/" + run.at("/model/version").intValue();
        for (var gone : List.of(version, path)) {
            assertThat(client.delete(gone, "Authorization", BOB).status()).isEqualTo(204);
        }
    }

    private Answer importOf(byte[] weights) {
        var form =
                "--b\r\nContent-Disposition: form-data; name=\"specification\"\r\n\r\n{\"name\": \"x\"}\r\n"
                        + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.pt\"\r\n\r\n"
                        + new String(weights, StandardCharsets.ISO_8859_1)
                        + "\r\n--b--\r\n";
        return client.send(
                "POST",
                "/v1/models",
                BodyPublishers.ofByteArray(form.getBytes(StandardCharsets.ISO_8859_1)),
                "Authorization",
                BOB,
                "Content-Type",
                "multipart/form-data; boundary=b");
    }

    private static String id(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isLessThan(300);
        return answer.json().get("id").stringValue();
    }

    private JsonNode ended(String path, String key) {
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> client.get(path, "Authorization", key).json(),
                        view -> view.hasNonNull("finished_at"));
    }

    private Answer announce(String key, long bytes) {
        return client.post(
                "/v1/uploads",
                "{\"name\": \"x.csv\", \"size_bytes\": " + bytes + "}",
                "Authorization",
                key);
    }
}
