package dev.hearth.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.Client.Answer;
import dev.hearth.HearthTest;
import dev.hearth.storage.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Files that arrive in parts, and the data sets that are made of them. */
@HearthTest
class UploadsTest {

    private static final int PART_BYTES = 1000;

    @Autowired Client client;
    @Autowired JdbcClient jdbc;
    @Autowired Uploads uploads;

    @Value("${hearth.data-dir}")
    Path dataDir;

    /** Of 1,200 rows; no other test has the same bytes. */
    private final byte[] csv = csv();

    private static byte[] csv() {
        var text = new StringBuilder("n," + UUID.randomUUID() + "\n");
        IntStream.range(0, 1200).forEach(row -> text.append(row).append(",0.5\n"));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void partsInAnyOrderMakeADataSet() throws Exception {
        var announced = announce(csv.length, sha256(csv));
        assertThat(announced.status()).as(announced.toString()).isEqualTo(201);
        var id = id(announced);
        assertThat(announced.header("Location")).isEqualTo("/v1/uploads/" + id);
        var parts = announced.json().get("parts").intValue();
        assertThat(parts).isEqualTo(Math.ceilDiv(csv.length, PART_BYTES));

        for (var number = parts; number >= 1; number--) {
            assertThat(view(id).get("missing").size()).isEqualTo(number);
            var sent = put(id, number, part(number));
            assertThat(sent.status()).as(sent.toString()).isEqualTo(200);
        }
        assertThat(view(id).get("received_bytes").longValue()).isEqualTo(csv.length);
        var made = create(id);

        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        assertThat(made.json().get("rows").longValue()).isEqualTo(1200);
        assertThat(made.json().get("sha256").stringValue()).isEqualTo(sha256(csv));
        assertThat(client.get("/v1/datasets/" + id(made) + "/file").body()).isEqualTo(csv);
        assertThat(client.get("/v1/uploads/" + id).status()).isEqualTo(404);
        assertThat(owned(id)).isZero();
    }

    @Test
    void whatIsMadeOfUploadsIsMadeOnceForAKey() throws Exception {
        var id = complete(sha256(csv));
        var key = UUID.randomUUID().toString();

        var first = create(id, "Idempotency-Key", key, "Prefer", "respond-async");
        var again = create(id, "Idempotency-Key", key, "Prefer", "respond-async");

        assertThat(first.status()).as(first.toString()).isEqualTo(202);
        assertThat(again.status()).as(again.toString()).isEqualTo(202);
        assertThat(id(again)).isEqualTo(id(first));
        assertThat(create(id).status()).isEqualTo(404);
    }

    @Test
    void anUploadCanBeAppendedToADataSet() {
        var first = id(create(complete(null)));

        var second =
                client.post(
                        "/v1/datasets/" + first + "/versions",
                        "{\"uploads\": [\"%s\"]}".formatted(complete(null)));

        assertThat(second.status()).as(second.toString()).isEqualTo(201);
        assertThat(second.json().get("rows").longValue()).isEqualTo(2400);
    }

    @Test
    void aRefusedDataSetLeavesItsUploadsThere() {
        var id = complete(null);

        var refused =
                client.post(
                        "/v1/datasets",
                        "{\"uploads\": [\"%s\"], \"options\": {\"columns\": {\"z\": \"text\"}}}"
                                .formatted(id));

        assertThat(refused.status()).as(refused.toString()).isEqualTo(422);
        assertThat(view(id).get("missing").size()).isZero();
        assertThat(create(id).status()).isEqualTo(201);
    }

    @Test
    void noDataSetIsMadeOfHalfAFile() {
        var id = id(announce(csv.length, null));
        put(id, 2, part(2));

        var refused = create(id);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text()).contains("1000 of", "[1, 3, 4");
    }

    @Test
    void aFileThatIsNotTheAnnouncedOneIsRefused() throws Exception {
        var other = sha256(new byte[] {1});
        var id = complete(other);

        var refused = create(id);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("digest-mismatch", base64(other), base64(sha256(csv)));
    }

    @Test
    void aPartWithAnotherDigestIsNotKept() throws Exception {
        var id = id(announce(csv.length, null));
        for (String algorithm : new String[] {"SHA-256", "SHA-512"}) {
            var right = digest(algorithm, part(1));
            var wrong = digest(algorithm, part(2));

            var refused = put(id, 1, part(1), "Content-Digest", wrong);

            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.text()).contains("digest-mismatch", right, wrong);
            assertThat(view(id).get("received_bytes").longValue()).isZero();
            assertThat(put(id, 1, part(1), "Content-Digest", "md5=:AAAA:, " + right).status())
                    .isEqualTo(200);
            jdbc.sql("DELETE FROM upload_part WHERE upload_id = :id::uuid")
                    .param("id", id)
                    .update();
        }
        assertThat(put(id, 1, part(1), "Content-Digest", "sha-256=abc").status()).isEqualTo(400);
    }

    @Test
    void aPartOfAnotherSizeIsRefusedWhetherItsLengthIsToldOrNot() {
        var id = id(announce(csv.length, null));
        var chunked =
                client.send(
                        "PUT",
                        "/v1/uploads/" + id + "/parts/1",
                        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(csv)));

        for (Answer refused : new Answer[] {put(id, 1, csv), put(id, 1, new byte[] {1}), chunked}) {
            assertThat(refused.status()).as(refused.toString()).isEqualTo(422);
            assertThat(refused.text()).contains("expected 1000");
        }
        assertThat(put(id, 0, part(1)).status()).isEqualTo(404);
        assertThat(put(id, 99, part(1)).status()).isEqualTo(404);
        assertThat(view(id).get("received_bytes").longValue()).isZero();
    }

    @Test
    void aPartThatBreaksOffIsNotCountedAndLeavesNothingBehind() throws IOException {
        var id = id(announce(csv.length, null));

        var answer =
                client.sendRaw(
                        "PUT /v1/uploads/%s/parts/1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
                                        .formatted(id)
                                + "Content-Type: application/octet-stream\r\nConnection: close\r\n\r\n"
                                + "only so much");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("broke off");
        assertThat(view(id).get("received_bytes").longValue()).isZero();
        try (var scratch = Files.walk(dataDir.resolve("scratch"))) {
            assertThat(scratch.filter(Files::isRegularFile))
                    .allMatch(file -> file.toString().endsWith(".lock"));
        }
    }

    @Test
    void aPartSentAgainTakesThePlaceOfTheFirst() {
        var id = id(announce(csv.length, null));
        put(id, 1, part(2));
        put(id, 1, part(1));
        put(id, 1, part(1));

        assertThat(view(id).get("received_bytes").longValue()).isEqualTo(PART_BYTES);
        assertThat(owned(id)).isEqualTo(1);
    }

    @Test
    void aDeletedUploadGivesItsBytesBackAndAnExpiredOneTheSame() {
        var given = complete(null);
        var forgotten = complete(null);
        assertThat(owned(given)).isPositive();

        assertThat(client.delete("/v1/uploads/" + given).status()).isEqualTo(204);
        assertThat(client.delete("/v1/uploads/" + given).status()).isEqualTo(404);
        jdbc.sql("UPDATE upload SET expires_at = '2000-01-01Z' WHERE id = :id::uuid")
                .param("id", forgotten)
                .update();
        uploads.sweep();

        assertThat(owned(given)).isZero();
        assertThat(owned(forgotten)).isZero();
        assertThat(client.get("/v1/uploads/" + forgotten).status()).isEqualTo(404);
    }

    @Test
    void whatCannotBeAnnouncedIsRefusedAllAtOnce() {
        var refused =
                client.post(
                        "/v1/uploads",
                        "{\"name\": \"\", \"size_bytes\": 0, \"sha256\": \"abc\", \"part_bytes\": 0}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().get("errors").valueStream().map(e -> e.get("pointer").asString()))
                .containsExactly("/name", "/sha256", "/size_bytes", "/part_bytes");
        assertThat(announce(Long.MAX_VALUE, null).status()).isEqualTo(413);
        assertThat(client.post("/v1/datasets", "{\"uploads\": []}").status()).isEqualTo(422);
        assertThat(client.post("/v1/datasets", "{\"uploads\": [\"x\"]}").status()).isEqualTo(400);
    }

    @Test
    void theFilesOfAFormAreCheckedAsWell() throws Exception {
        var right = digest("SHA-256", csv);
        var wrong = digest("SHA-256", part(1));

        assertThat(postForm(right).status()).isEqualTo(201);
        var refused = postForm(wrong);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("digest-mismatch", right, wrong);
    }

    private Answer postForm(String digest) {
        var form =
                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n"
                        + "Content-Digest: "
                        + digest
                        + "\r\n\r\n"
                        + new String(csv, StandardCharsets.US_ASCII)
                        + "\r\n--b--\r\n";
        return client.post(
                "/v1/datasets",
                "multipart/form-data; boundary=b",
                form.getBytes(StandardCharsets.US_ASCII));
    }

    private Answer announce(long size, @Nullable String sha256) {
        return client.post(
                "/v1/uploads",
                "{\"name\": \"numbers.csv\", \"size_bytes\": %d, \"part_bytes\": %s, \"sha256\": %s}"
                        .formatted(
                                size,
                                size > 1_000_000 ? "null" : String.valueOf(PART_BYTES),
                                sha256 == null ? "null" : "\"" + sha256 + "\""));
    }

    private String complete(@Nullable String sha256) {
        var announced = announce(csv.length, sha256);
        var id = id(announced);
        for (var number = 1; number <= announced.json().get("parts").intValue(); number++) {
            assertThat(put(id, number, part(number)).status()).isEqualTo(200);
        }
        return id;
    }

    private byte[] part(int number) {
        return Arrays.copyOfRange(
                csv, (number - 1) * PART_BYTES, Math.min(number * PART_BYTES, csv.length));
    }

    private Answer put(String id, int number, byte[] bytes, String... headers) {
        return client.send(
                "PUT",
                "/v1/uploads/" + id + "/parts/" + number,
                BodyPublishers.ofByteArray(bytes),
                headers);
    }

    private Answer create(String id, String... headers) {
        return client.post("/v1/datasets", "{\"uploads\": [\"%s\"]}".formatted(id), headers);
    }

    private JsonNode view(String id) {
        return client.get("/v1/uploads/" + id).json();
    }

    private long owned(String id) {
        return jdbc.sql("SELECT count(*) FROM blob_owner WHERE owner LIKE :owner")
                .param("owner", "upload:" + id + ":%")
                .query(Long.class)
                .single();
    }

    private static String sha256(byte[] bytes) {
        var digest = Sha256.newDigest();
        digest.update(bytes);
        return Sha256.of(digest).hex();
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }

    private static String digest(String algorithm, byte[] bytes) throws Exception {
        return algorithm.toLowerCase(Locale.ROOT)
                + "=:"
                + Base64.getEncoder()
                        .encodeToString(MessageDigest.getInstance(algorithm).digest(bytes))
                + ":";
    }

    private static String id(Answer answer) {
        return answer.json().get("id").stringValue();
    }
}
