package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.Client.Answer;
import dev.hearth.HearthTest;
import dev.hearth.http.ContentDigest;
import dev.hearth.storage.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Data sets of files that are the whole body of a request. */
@HearthTest
class RawBodiesTest {

    @Autowired Client client;

    @ParameterizedTest
    @CsvSource({
        "text/csv, plain.csv, '', data.csv, 5",
        "text/csv; charset=utf-8, plain.csv, ?name=mine.csv, mine.csv, 5",
        "text/csv, plain.csv, ?name=mine, mine.csv, 5",
        "text/tab-separated-values, table.tsv, ?name=x, x.tsv, 5",
        "application/x-ndjson, table.jsonl, '', data.jsonl, 5",
        "application/jsonl, table.jsonl, ?name=x.ndjson, x.ndjson, 5",
        "application/gzip, table.csv.gz, '', data.gz, 5",
        "application/vnd.apache.parquet, zstd.parquet, '', data.parquet, 5",
        "application/octet-stream, y.npy, ?name=y.npy, y.npy, 5",
        "application/octet-stream, tensors.safetensors, ?name=t, t, 5",
        "text/csv, plain.csv, ?options=%7B%22name%22%3A%22called%22%7D, called, 5",
    })
    void theBodyIsTheFile(String type, String file, String query, String name, long rows)
            throws IOException {
        var answer = client.post("/v1/datasets" + query, type, file(file));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        assertThat(answer.header("Location"))
                .isEqualTo("/v1/datasets/" + answer.json().get("id").stringValue());
        assertThat(answer.json().get("name").stringValue()).isEqualTo(name);
        assertThat(answer.json().get("rows").longValue()).isEqualTo(rows);
    }

    @Test
    void aZipIsOneToo() {
        byte[] zip = new Zips().add("a/1.png", Pngs.grey(2, 2, 9)).build();
        assertThat(client.post("/v1/datasets", "application/zip", zip).status()).isEqualTo(201);
    }

    @Test
    void theNameMayBeInTheDispositionAndHasToBeSomewhere() throws IOException {
        var named =
                client.post(
                        "/v1/datasets",
                        "application/octet-stream",
                        file("table.tsv"),
                        "Content-Disposition",
                        "attachment; filename=\"../t.tsv\"");
        var unnamed = client.post("/v1/datasets", "application/octet-stream", file("table.tsv"));

        assertThat(named.json().get("name").stringValue()).isEqualTo("t.tsv");
        assertThat(unnamed.status()).as(unnamed.toString()).isEqualTo(400);
        assertThat(unnamed.text()).contains("invalid-parameter", "?name=");
    }

    @Test
    void whatIsWrongIsAnsweredAsForAForm() {
        assertProblem(post("a,b\n1\n"), 422, "line 2");
        assertProblem(client.post("/v1/datasets", "image/svg+xml", new byte[3]), 415, "text/csv");
        assertProblem(
                client.post("/v1/datasets?options=%7B", "text/csv", new byte[3]), 400, "line 1");
        assertProblem(
                client.post("/v1/datasets?options=%7B%22x%22%3A1%7D", "text/csv", new byte[3]),
                422,
                "/x");
    }

    private static void assertProblem(Answer answer, int status, String says) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.text()).contains(says);
    }

    @Test
    void theDigestIsCheckedAndTheKeyMakesOneDataSet() {
        byte[] csv = ("a\n1\n" + UUID.randomUUID() + "\n").getBytes(StandardCharsets.UTF_8);
        var digest = Sha256.newDigest();
        digest.update(csv);
        String right = ContentDigest.header(Sha256.of(digest).hex());
        String wrong = ContentDigest.header("ab".repeat(32));
        var key = UUID.randomUUID().toString();

        var refused = client.post("/v1/datasets", "text/csv", csv, "Content-Digest", wrong);
        var first =
                client.post(
                        "/v1/datasets",
                        "text/csv",
                        csv,
                        "Content-Digest",
                        right,
                        "Idempotency-Key",
                        key);
        var again = client.post("/v1/datasets", "text/csv", csv, "Idempotency-Key", key);

        assertProblem(refused, 422, "digest-mismatch");
        assertThat(first.status()).as(first.toString()).isEqualTo(201);
        assertThat(again.json().get("id")).isEqualTo(first.json().get("id"));
    }

    @Test
    void rowsAreAppendedByABodyToo() {
        var parent = post("a,b\n1,x\n").json().get("id").stringValue();
        var next =
                client.post(
                        "/v1/datasets/" + parent + "/versions",
                        "application/x-ndjson",
                        "{\"a\": 2}\n".getBytes(StandardCharsets.UTF_8));
        assertThat(next.status()).as(next.toString()).isEqualTo(201);
        assertThat(next.json().get("rows").longValue()).isEqualTo(2);
        assertThat(next.json().get("parent").stringValue()).isEqualTo(parent);
    }

    private Answer post(String csv) {
        return client.post("/v1/datasets", "text/csv", csv.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] file(String name) throws IOException {
        try (InputStream in = RawBodiesTest.class.getResourceAsStream("/forms/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }
}
