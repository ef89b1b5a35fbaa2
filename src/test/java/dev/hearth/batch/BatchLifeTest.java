package dev.hearth.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import dev.hearth.job.JobContext;
import dev.hearth.job.JobOutcome;
import dev.hearth.job.JobQueue;
import dev.hearth.job.WorkerSlot;
import dev.hearth.problem.Passing;
import dev.hearth.run.FailingBlobs;
import dev.hearth.run.FailingBlobs.Fault;
import dev.hearth.storage.BlobStore;
import dev.hearth.storage.Reservations;
import dev.hearth.storage.Sha256;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * From the queue to the deletion: workers that stop, die and come back, cancelling, and what keeps
 * what. Where it matters when something happens, the worker is the test's own, and asks the test
 * after each chunk.
 */
@HearthTest
class BatchLifeTest {

    private static final int ROWS = 3000;

    @Autowired Client client;
    @Autowired BatchWorker worker;
    @Autowired BatchSubmission submission;
    @Autowired JobQueue queue;
    @Autowired BlobStore blobs;
    @Autowired Reservations reservations;
    @Autowired BatchLedger ledger;
    @Autowired Needs needs;
    @Autowired ResultWriter results;
    @Autowired BatchMeters batchMeters;
    @Autowired MeterRegistry meters;
    @Autowired JdbcClient sql;
    @Autowired TransactionTemplate transaction;

    private BatchCalls calls;
    private Service service;
    private String rows;
    private String model;

    @BeforeEach
    void trainAModel() {
        calls = new BatchCalls(client);
        service = new Service(client);
        var csv = new StringBuilder("x,y\n");
        for (int row = 0; row < ROWS; row++) {
            csv.append(row).append(row % 3 == 0 ? ",no\n" : ",yes\n");
        }
        rows = service.upload(csv.toString());
        model = calls.train(rows, "y", "CrossEntropyLoss", 2);
    }

    @Test
    void aResultHasEachRowOnceAndIsDownloadedWholeOrInParts() {
        var prediction = calls.predict(model, rows, "x");

        var lines = calls.lines(prediction);
        var numbers = IntStream.range(0, ROWS).mapToObj(String::valueOf).toList();
        assertThat(lines).extracting(line -> line.get("row")).isEqualTo(numbers);
        assertThat(lines).extracting(line -> line.get("x")).isEqualTo(numbers);
        var url = prediction.at("/result/url").stringValue();
        var whole = client.get(url);
        var hash = prediction.at("/result/sha256").stringValue();
        assertThat(whole.header("Content-Type")).isEqualTo("text/csv;charset=UTF-8");
        assertThat(whole.header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"%s-v1-predictions.csv\"".formatted(model));
        assertThat(whole.header("ETag")).isEqualTo("\"" + hash + "\"");
        assertThat(whole.body()).hasSize(prediction.at("/result/size_bytes").intValue());
        assertThat(client.get(url, "If-None-Match", "\"" + hash + "\"").status()).isEqualTo(304);
        var part = client.get(url, "Range", "bytes=4-13");
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.text()).isEqualTo(whole.text().substring(4, 14));
        assertThat(client.get(url, "Range", "bytes=4-13", "If-Range", "\"other\"").status())
                .isEqualTo(200);
        assertThat(client.get(url, "Accept", "application/json").status()).isEqualTo(406);
    }

    @Test
    void theVersionIsTheLatestOfWhenItWasAskedFor() throws IOException {
        var id = queued();
        calls.train(model, rows, "y", "CrossEntropyLoss", BatchCalls.linear(2));

        execute(id, () -> false);

        assertThat(calls.get(id).get("version").intValue()).isEqualTo(1);
        assertThat(calls.get(id).get("state").stringValue()).isEqualTo("succeeded");
        var answer = calls.submit(model, rows);
        assertThat(answer.json().get("version").intValue()).isEqualTo(2);
        var later = answer.json().get("id").stringValue();
        assertThat(answer.header("Location")).isEqualTo(BatchCalls.PATH + "/" + later);
        assertThat(calls.end(later).get("version").intValue()).isEqualTo(2);
    }

    @Test
    void anAliasIsTheVersionThatItStandsForWhenItIsAskedFor() throws IOException {
        calls.train(model, rows, "y", "CrossEntropyLoss", BatchCalls.linear(2));
        alias("{\"version\": 1}");
        var id = queued(model + "@prod");
        alias("{\"version\": 2}");

        execute(id, () -> false);

        var prediction = calls.get(id);
        assertThat(prediction.get("state").stringValue()).isEqualTo("succeeded");
        assertThat(prediction.get("model").stringValue()).isEqualTo(model);
        assertThat(prediction.get("version").intValue()).isEqualTo(1);
        assertThat(prediction.get("alias").stringValue()).isEqualTo("prod");
        var later = calls.predict(model + "@prod", rows);
        assertThat(later.get("version").intValue()).isEqualTo(2);
        assertThat(later.get("alias").stringValue()).isEqualTo("prod");
        assertThat(calls.predict(model + "@latest", rows).has("alias")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"90, 10, 1", "10, 90, 2", "50, 50, 1"})
    void ofVersionsThatShareAnAliasTheOneWithMostRequestsPredicts(
            int first, int second, int expected) {
        calls.train(model, rows, "y", "CrossEntropyLoss", BatchCalls.linear(2));
        alias(
                "{\"versions\": [{\"version\": 1, \"weight\": %d}, {\"version\": 2, \"weight\": %d}]}"
                        .formatted(first, second));

        assertThat(calls.predict(model + "@prod", rows).get("version").intValue())
                .isEqualTo(expected);
    }

    @Test
    void anAliasThatIsNotThereIsToldAsOfARequest() {
        var refused = calls.submit(model + "@none", rows);
        var asked = client.post("/v1/models/" + model + "@none:predict", "{\"rows\": [[1]]}");

        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.json().get("detail")).isEqualTo(asked.json().get("detail"));
        assertThat(refused.json().get("type")).isEqualTo(asked.json().get("type"));
    }

    @ParameterizedTest
    @CsvSource({
        "'\"model\": \"m@prod\", \"version\": 1', 'names a version already'",
        "'\"model\": \"m@latest\", \"version\": 1', 'names a version already'",
        "'\"model\": \"m@Prod\"', 'an alias is 1 to 32 lower-case letters'",
        "'\"model\": \"m@7\"', 'an alias is no number'",
        "'\"model\": \"m@\"', 'an alias is 1 to 32'"
    })
    void whatNamesNoVersionOrTwoIsRefused(String fields, String words) {
        var refused =
                client.post(
                        BatchCalls.PATH, "{%s, \"dataset_id\": \"%s\"}".formatted(fields, rows));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().at("/errors/0/pointer").stringValue()).isEqualTo("/model");
        assertThat(refused.json().at("/errors/0/message").stringValue()).contains(words);
    }

    private void alias(String setting) {
        var answer =
                client.send(
                        "PUT",
                        "/v1/models/%s/aliases/prod".formatted(model),
                        BodyPublishers.ofString(setting),
                        "Content-Type",
                        "application/json");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }

    @Test
    void oneKeyMakesOnePrediction() {
        var body = "{\"model\": \"%s\", \"dataset_id\": \"%s\"}".formatted(model, rows);
        var key = UUID.randomUUID().toString();

        var first = client.post(BatchCalls.PATH, body, "Idempotency-Key", key).json();
        var second = client.post(BatchCalls.PATH, body, "Idempotency-Key", key).json();
        var other = client.post(BatchCalls.PATH, body + " ", "Idempotency-Key", key);

        assertThat(second.get("id")).isEqualTo(first.get("id"));
        assertThat(other.status()).isEqualTo(422);
        calls.end(first.get("id").stringValue());
    }

    @Test
    void predictionsAreListedByModelAndStateAPageAtATime() throws IOException {
        var done = calls.predict(model, rows).get("id").stringValue();
        var cancelled = queued();
        client.post(BatchCalls.PATH + "/" + cancelled + ":cancel", "");
        var waiting = queued();

        assertThat(ids("?model=" + model)).containsExactly(waiting, cancelled, done);
        assertThat(ids("?model=" + model + "&state=cancelled")).containsExactly(cancelled);
        var page = client.get(BatchCalls.PATH + "?limit=2&model=" + model).json();
        assertThat(page.get("items").size()).isEqualTo(2);
        assertThat(
                        ids(
                                "?limit=2&model=%s&cursor=%s"
                                        .formatted(model, page.get("next_cursor").stringValue())))
                .containsExactly(done);
        assertThat(client.get(BatchCalls.PATH + "?state=paused").status()).isEqualTo(400);
        assertThat(client.get(BatchCalls.PATH + "?limit=201").status()).isEqualTo(400);
        assertThat(client.get(BatchCalls.PATH + "/1").status()).isEqualTo(400);
        assertThat(client.get(BatchCalls.PATH + "/" + UUID.randomUUID()).status()).isEqualTo(404);
        execute(waiting, () -> false);
    }

    private List<String> ids(String query) {
        return client.get(BatchCalls.PATH + query)
                .json()
                .get("items")
                .valueStream()
                .map(item -> item.get("id").stringValue())
                .toList();
    }

    @Test
    void whatIsNeededIsNotDeletedBeforeTheEndAndTheBytesGoWithThePrediction() throws IOException {
        // Nobody else's result has the same bytes.
        rows = service.upload("x,tag\n1,%s\n".formatted(UUID.randomUUID()));
        var id = queued(model, "tag");
        var path = BatchCalls.PATH + "/" + id;

        var dataset = client.delete("/v1/datasets/" + rows);
        assertThat(dataset.status()).isEqualTo(409);
        assertThat(dataset.text()).contains("prediction " + id + " is queued");
        var version = client.delete("/v1/models/%s/versions/1".formatted(model));
        assertThat(version.status()).isEqualTo(409);
        assertThat(version.text()).contains("is needed: prediction " + id + " is queued");
        assertThat(client.get("/v1/models/" + model).status()).isEqualTo(200);
        assertThat(client.delete(path).status()).isEqualTo(409);
        var early = client.get(path + "/result.csv");
        assertThat(early.status()).isEqualTo(409);
        assertThat(early.text()).contains("is queued and has no result yet");

        execute(id, () -> false);
        var hash = new Sha256(calls.get(id).at("/result/sha256").stringValue());
        blobs.open(hash).close();
        assertThat(client.get("/v1/storage").json().get("owners").valueStream())
                .anyMatch(owner -> owner.get("kind").stringValue().equals("prediction"));
        assertThat(client.delete(path).status()).isEqualTo(204);
        assertThatThrownBy(() -> blobs.open(hash)).isInstanceOf(IOException.class);
        assertThat(client.get(path).status()).isEqualTo(404);
        assertThat(client.delete(path).status()).isEqualTo(404);
        assertThat(client.delete("/v1/models/%s/versions/1".formatted(model)).status())
                .isEqualTo(204);
        assertThat(client.delete("/v1/datasets/" + rows).status()).isEqualTo(204);
    }

    @Test
    void aWorkerWhosePredictionIsCancelledLeavesNothingBehind() throws IOException {
        var id = queued();
        var path = BatchCalls.PATH + "/" + id;
        Set<String> before = claims();

        var outcome =
                execute(
                        id,
                        () -> {
                            client.post(path + ":cancel", "");
                            return false;
                        });

        assertThat(outcome).isEqualTo(JobOutcome.DONE);
        assertThat(calls.get(id).get("state").stringValue()).isEqualTo("cancelled");
        assertThat(calls.get(id).has("result")).isFalse();
        assertNoClaimIsLeft(before);
        assertThat(client.post(path + ":cancel", "").text())
                .contains("is cancelled already and cannot be cancelled");
        assertThat(client.get(path + "/result.csv").status()).isEqualTo(409);
        assertThat(client.delete(path).status()).isEqualTo(204);
    }

    @Test
    void aProcessThatStopsHandsBackAndAnotherBeginsAgain() throws IOException {
        var id = queued();
        var asked = new AtomicInteger();

        assertThat(execute(id, () -> asked.incrementAndGet() > 2))
                .isEqualTo(JobOutcome.HANDED_BACK);
        var handedBack = calls.get(id);
        assertThat(handedBack.get("state").stringValue()).isEqualTo("queued");
        assertThat(handedBack.get("rows_done").longValue()).isZero();
        assertThat(execute(id, () -> false)).isEqualTo(JobOutcome.DONE);

        assertThat(calls.lines(calls.get(id))).hasSize(ROWS);
    }

    @Test
    void aWorkerThatComesBackLateChangesNothing() throws IOException {
        var undisturbed = calls.predict(model, rows);
        var id = queued();
        var asked = new AtomicInteger();
        var predicted = meters.counter("hearth.prediction.rows").count();
        Set<String> before = claims();

        execute(
                id,
                () -> {
                    if (asked.incrementAndGet() == 2) {
                        // Another one takes it for dead, and is faster.
                        assertThat(executeUnchecked(id)).isEqualTo(JobOutcome.DONE);
                    }
                    return false;
                });

        assertThat(calls.lines(calls.get(id))).hasSize(ROWS);
        assertThat(calls.get(id).at("/result/sha256")).isEqualTo(undisturbed.at("/result/sha256"));
        assertNoClaimIsLeft(before);
        assertThat(meters.counter("hearth.prediction.rows").count())
                .isGreaterThanOrEqualTo(predicted + ROWS);
        assertThat(meters.get("hearth.prediction.queued").gauge().value()).isNotNegative();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"DISK_FULL", "PUT_UNANSWERED", "OWN_UNANSWERED"})
    void aResultThatCannotBeStoredIsWaitedForAndComputedAgain(Fault fault) throws IOException {
        var id = queued();
        var store = new ResultStore(new FailingBlobs(blobs, fault, _ -> true), reservations);
        var failing =
                new BatchWorker(
                        ledger,
                        new BatchComputation(ledger, needs, results, store, batchMeters),
                        new BatchSettings(1));
        Set<String> before = claims();

        assertThatThrownBy(() -> failing.execute(id, context(() -> false)))
                .satisfies(e -> assertThat(Passing.explains(e)).isTrue());

        var waiting = calls.get(id);
        assertThat(waiting.get("state").stringValue()).isEqualTo("queued");
        assertThat(waiting.get("rows_done").longValue()).isZero();
        assertNoClaimIsLeft(before);
        assertThat(execute(id, () -> false)).isEqualTo(JobOutcome.DONE);
        assertThat(calls.lines(calls.get(id))).hasSize(ROWS);
    }

    @Test
    void aPredictionDoesNotWaitForATrainingThatHasTheDevice() {
        var request =
                """
                {"name": "batch-long", "target": "y", "loss": "CrossEntropyLoss", "optimizer": {"type": "SGD", "lr": 0.1},
                 "model": {"layers": [{"type": "Linear", "out_features": 2}]}, "epochs": 1000000}
                """;
        var run = service.submit(JsonMapper.shared().readTree(request), rows);
        service.await(run, view -> view.get("epoch").intValue() > 0);

        assertThat(calls.lines(calls.predict(model, rows))).hasSize(ROWS);

        client.post("/v1/runs/" + run + ":cancel", "");
        assertThat(service.end(run).get("state").stringValue()).isEqualTo("cancelled");
    }

    @Test
    void oneThatKillsItsWorkersEndsAndSaysSo() {
        var id = queued();

        worker.abandoned(id, "tried 3 times; the last time its worker died");

        var failed = calls.get(id);
        assertThat(failed.get("state").stringValue()).isEqualTo("failed");
        assertThat(failed.at("/error/detail").stringValue())
                .isEqualTo(
                        "the rows could not be predicted: tried 3 times; the last time its worker died; the log has the cause");
    }

    @Test
    void theFinishIsExpectedByTheTimeOfTheRowsSoFar() {
        var since = Instant.parse("2030-01-01T12:00:00Z");

        assertThat(
                        BatchViews.finish(
                                new Batch.Progress(400, 100, 0, Optional.of(since)),
                                since.plusSeconds(10)))
                .contains(since.plusSeconds(40));
        assertThat(
                        BatchViews.finish(
                                new Batch.Progress(400, 0, 0, Optional.of(since)),
                                since.plus(Duration.ofDays(1))))
                .isEmpty();
    }

    private Set<String> claims() {
        return new HashSet<>(
                sql.sql("SELECT owner FROM blob_owner WHERE owner LIKE 'claim:%'")
                        .query(String.class)
                        .list());
    }

    /** The service's own workers have claims, too, for a moment each. */
    private void assertNoClaimIsLeft(Set<String> before) {
        Set<String> since = claims();
        since.removeAll(before);
        await().until(() -> Collections.disjoint(claims(), since));
    }

    private JobOutcome executeUnchecked(String id) {
        try {
            return execute(id, () -> false);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private JobOutcome execute(String id, BooleanSupplier stopping) throws IOException {
        return worker.execute(id, context(stopping));
    }

    private static JobContext context(BooleanSupplier stopping) {
        return new JobContext(new WorkerSlot(0, "cpu"), 1, stopping);
    }

    /** A prediction that the service's own workers know nothing of. */
    private String queued() {
        return queued(model);
    }

    /**
     * @param asked the model, or an alias of it
     */
    private String queued(String asked, String... columns) {
        byte[] body = BatchCalls.body(asked, rows, columns).getBytes(StandardCharsets.UTF_8);
        return transaction.execute(_ -> {
            String id = submission.submit(body, Optional.empty()).toString();
            assertThat(queue.remove(BatchWorker.KIND, id)).isTrue();
            return id;
        });
    }
}
