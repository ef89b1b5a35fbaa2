package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.Client.Answer;
import dev.hearth.HearthTest;
import dev.hearth.job.JobContext;
import dev.hearth.job.JobOutcome;
import dev.hearth.job.JobQueue;
import dev.hearth.job.WorkerSlot;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.UnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Data sets that are prepared by a job: their states, and what can befall them. */
@HearthTest
class DatasetLifeTest {

    private static final String ASYNC = "respond-async";

    @Autowired Client client;
    @Autowired JdbcClient jdbc;
    @Autowired JobQueue queue;
    @Autowired DatasetWorker worker;
    @Autowired GatedReader gates;

    private final String gate = UUID.randomUUID().toString();

    @AfterEach
    void letEverythingPass() {
        gates.open(gate);
    }

    @Test
    void whoDoesNotWaitIsToldWhereTheDataSetWillBe() {
        var answer = uploadAsync("a,b\n1,x\n2,y\n");

        assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
        var id = id(answer);
        assertThat(answer.header("Location")).isEqualTo("/v1/datasets/" + id);
        assertThat(answer.json().get("files").size()).isEqualTo(1);
        var ready = await(id, view -> is(view, "ready"));
        assertThat(ready.get("rows").longValue()).isEqualTo(2);
        assertThat(ready.at("/progress/fraction").doubleValue()).isEqualTo(1);
        assertThat(ready.get("started_at").isNull()).isFalse();
        assertThat(ready.get("finished_at").isNull()).isFalse();
        assertThat(ready.get("problem").isNull()).isTrue();
        assertThat(client.get("/v1/datasets/" + id + "/rows").json().get("items").size())
                .isEqualTo(2);
    }

    @Test
    void aDataSetThatIsBeingPreparedShowsItsProgressAndCannotBeUsed() {
        var id = id(uploadAsync(gated()));

        var view = await(id, one -> one.at("/progress/fraction").doubleValue() > 0);

        assertThat(view.get("state").stringValue()).isEqualTo("preparing");
        assertThat(view.at("/progress/what").stringValue()).isEqualTo("waiting at the gate");
        assertThat(view.get("rows").isNull()).isTrue();
        for (String path : new String[] {"/rows", "/report"}) {
            var refused = client.get("/v1/datasets/" + id + path);
            assertThat(refused.status()).as(path).isEqualTo(409);
            assertThat(refused.text()).contains("invalid-state", "is preparing");
        }
        gates.open(gate);
        await(id, one -> is(one, "ready"));
    }

    @Test
    void whatIsWrongIsKeptAsTheUploadWouldHaveBeenAnswered() {
        var csv = "a,b\n1,x\n1,2,3\n%s\n".formatted(UUID.randomUUID());
        var refused = client.postForm("/v1/datasets", Map.of("file;text/csv", csv));
        assertThat(refused.status()).isEqualTo(422);

        var id = id(uploadAsync(csv));
        var rejected = await(id, view -> is(view, "rejected"));

        var problem = rejected.get("problem");
        for (String member : new String[] {"type", "title", "status", "detail", "errors"}) {
            assertThat(problem.get(member)).as(member).isEqualTo(refused.json().get(member));
        }
        assertThat(owned(id)).isZero();
        assertThat(client.get("/v1/datasets/" + id + "/rows").status()).isEqualTo(409);
        assertThat(client.post("/v1/datasets/" + id + ":cancel", "").status()).isEqualTo(409);
        assertThat(client.delete("/v1/datasets/" + id).status()).isEqualTo(204);
    }

    @Test
    void cancellingEndsThePreparingAndGivesTheBytesBack() {
        var id = id(uploadAsync(gated()));
        await(id, view -> view.at("/progress/fraction").doubleValue() > 0);
        assertThat(owned(id)).isEqualTo(1);

        var cancelled = client.post("/v1/datasets/" + id + ":cancel", "");

        assertThat(cancelled.status()).as(cancelled.toString()).isEqualTo(200);
        assertThat(cancelled.json().get("state").stringValue()).isEqualTo("cancelled");
        assertThat(owned(id)).isZero();
        awaitNoJob(id);
        assertThat(view(id).get("state").stringValue()).isEqualTo("cancelled");
    }

    @Test
    void deletingEndsThePreparing() {
        var id = id(uploadAsync(gated()));
        await(id, view -> view.at("/progress/fraction").doubleValue() > 0);

        assertThat(client.delete("/v1/datasets/" + id).status()).isEqualTo(204);

        awaitNoJob(id);
        assertThat(owned(id)).isZero();
        assertThat(client.get("/v1/datasets/" + id).status()).isEqualTo(404);
    }

    @Test
    void aWorkerThatLostItsClaimChangesNothingAndTheOtherOneGoesOn() {
        var id = id(uploadAsync(gated()));
        await(id, view -> view.at("/progress/fraction").doubleValue() > 0);

        // As another process does with the job of a worker that stopped its heartbeat.
        var other =
                CompletableFuture.supplyAsync(
                        () -> execute(id, new JobContext(slot(), 2, () -> false)));
        awaitNoJob(id);
        assertThat(view(id).get("state").stringValue()).isEqualTo("preparing");
        gates.open(gate);

        assertThat(other.join()).isEqualTo(JobOutcome.DONE);
        assertThat(view(id).get("state").stringValue()).isEqualTo("ready");
        assertThat(fence(id)).isEqualTo(2);
        assertThat(owned(id)).isEqualTo(2);
    }

    @Test
    void aProcessThatStopsHandsThePreparingBackAndAnotherGoesOn() {
        var id = id(uploadAsync(gated()));
        await(id, view -> view.at("/progress/fraction").doubleValue() > 0);

        assertThat(execute(id, new JobContext(slot(), 2, () -> true)))
                .isEqualTo(JobOutcome.HANDED_BACK);
        assertThat(view(id).at("/progress/what").stringValue()).isEqualTo("waiting for a worker");
        awaitNoJob(id);
        queue.enqueue(DatasetWorker.KIND, id);
        gates.open(gate);

        assertThat(await(id, view -> is(view, "ready")).get("rows").longValue()).isEqualTo(2);
    }

    @Test
    void aJobThatIsGivenUpRejectsItsDataSet() {
        var id = id(uploadAsync(gated()));
        await(id, view -> view.at("/progress/fraction").doubleValue() > 0);

        worker.abandoned(id, "tried 3 times; the last time its worker died");

        var view = view(id);
        assertThat(view.get("state").stringValue()).isEqualTo("rejected");
        assertThat(view.at("/problem/detail").stringValue()).contains("its worker died");
        assertThat(owned(id)).isZero();
    }

    @Test
    void storageThatIsAwayOrFullRejectsNoDataSet() {
        var failures =
                List.of(
                        new UnavailableException("it is away", new IOException("refused")),
                        new ProblemException(ProblemCode.STORAGE_FULL, "it is full"),
                        new IOException("No space left on device"));
        for (Exception failure : failures) {
            gates.refuseNext(gate, failure);
            var id = id(uploadAsync(gated()));

            var waiting =
                    await(
                            id,
                            view ->
                                    view.at("/progress/what")
                                            .stringValue()
                                            .equals(DatasetWorker.WAITING_FOR_STORAGE));
            assertThat(waiting.get("state").stringValue()).isEqualTo("preparing");
            assertThat(owned(id)).isEqualTo(1);

            gates.open(gate);
            // As the queue does in a while.
            assertThat(execute(id, new JobContext(slot(), 2, () -> false)))
                    .isEqualTo(JobOutcome.DONE);
            assertThat(view(id).get("state").stringValue()).isEqualTo("ready");
        }
    }

    @Test
    void theSameKeyMakesOneDataSetWhoeverPreparesIt() {
        var key = UUID.randomUUID().toString();
        var parts = Map.of("file;text/csv", "a\n1\n");

        var first = client.postForm("/v1/datasets", parts, "Idempotency-Key", key, "Prefer", ASYNC);
        var again = client.postForm("/v1/datasets", parts, "Idempotency-Key", key, "Prefer", ASYNC);

        assertThat(first.status()).isEqualTo(202);
        assertThat(again.status()).isEqualTo(202);
        assertThat(id(again)).isEqualTo(id(first));
    }

    private String gated() {
        return "gate:%s,b\n1,x\n2,y\n".formatted(gate);
    }

    private Answer uploadAsync(String csv) {
        return client.postForm(
                "/v1/datasets", Map.of("file;text/csv", csv), "Prefer", ASYNC + ", wait=0");
    }

    private JobOutcome execute(String id, JobContext context) {
        try {
            return worker.execute(id, context);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static WorkerSlot slot() {
        return new WorkerSlot(0, "cpu");
    }

    private JsonNode view(String id) {
        return client.get("/v1/datasets/" + id).json();
    }

    private JsonNode await(String id, Predicate<JsonNode> wanted) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> view(id), wanted);
    }

    private void awaitNoJob(String id) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () ->
                                jdbc.sql(
                                                "SELECT count(*) FROM scheduled_tasks WHERE"
                                                        + " task_instance = :id")
                                        .param("id", id)
                                        .query(Long.class)
                                        .single(),
                        count -> count == 0);
    }

    private long owned(String id) {
        return jdbc.sql("SELECT count(*) FROM blob_owner WHERE owner = :owner")
                .param("owner", "dataset:" + id)
                .query(Long.class)
                .single();
    }

    private long fence(String id) {
        return jdbc.sql("SELECT fence FROM dataset WHERE id = :id::uuid")
                .param("id", id)
                .query(Long.class)
                .single();
    }

    private static boolean is(JsonNode view, String state) {
        return view.get("state").stringValue().equals(state);
    }

    private static String id(Answer answer) {
        return answer.json().get("id").stringValue();
    }
}
