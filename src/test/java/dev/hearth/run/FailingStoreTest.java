package dev.hearth.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import dev.hearth.job.JobContext;
import dev.hearth.job.JobOutcome;
import dev.hearth.job.JobQueue;
import dev.hearth.job.WorkerSlot;
import dev.hearth.problem.UnavailableException;
import dev.hearth.run.FailingBlobs.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs whose checkpoints and files cannot be stored or read: they come to the same bits in the end,
 * or say why not. The worker is the test's own, on a store that fails.
 */
@HearthTest
class FailingStoreTest {

    @Autowired Client client;
    @Autowired ApplicationContext context;
    @Autowired RunSubmission submission;
    @Autowired JobQueue queue;
    @Autowired TransactionTemplate transaction;

    private WorkerParts parts;
    private Service service;
    private String iris;

    @BeforeEach
    void upload() {
        parts = new WorkerParts(context);
        service = new Service(client);
        iris = service.uploadSample("iris");
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"DISK_FULL", "PUT_UNANSWERED", "OWN_UNANSWERED"})
    void checkpointsThatCannotBeStoredCostNoEpochAndNoBit(Fault fault) throws IOException {
        var undisturbed = service.train(request(), iris);
        String run = queued();

        var outcome =
                execute(
                        parts.on(blobs -> new FailingBlobs(blobs, fault, n -> n > 3 && n < 7)),
                        run);

        assertThat(outcome).isEqualTo(JobOutcome.DONE);
        assertThat(result(run)).isEqualTo(result(id(undisturbed)));
        assertThat(events(run))
                .filteredOn(event -> event.startsWith("checkpoint_failed"))
                .hasSize(1);
        assertThat(client.get("/v1/runs/" + run + "/checkpoints").json().at("/items/0/epoch"))
                .isEqualTo(undisturbed.get("epoch"));
    }

    @Test
    void aDiskThatIsFullInTheEndFailsTheRunWhichIsRetried() throws IOException {
        var undisturbed = service.train(request(), iris);
        String run = queued();

        execute(parts.on(blobs -> new FailingBlobs(blobs, Fault.DISK_FULL, n -> n > 3)), run);

        var failed = client.get("/v1/runs/" + run).json();
        assertThat(failed.at("/error/type").stringValue())
                .isEqualTo("urn:hearth:problem:storage-full");
        assertThat(failed.at("/error/detail").stringValue())
                .isEqualTo(
                        "the worker's disk is full; make room and retry the run, which goes on from its last checkpoint");
        assertThat(client.post("/v1/runs/" + run + ":retry", "").status()).isEqualTo(202);
        service.end(run);
        assertThat(result(run)).isEqualTo(result(id(undisturbed)));
        assertThat(events(run)).anyMatch(event -> event.contains("it goes on from checkpoint 3,"));
    }

    @Test
    void aStoreThatDoesNotGiveACheckpointBackIsAskedAgain() throws IOException {
        var undisturbed = service.train(request(), iris);
        String run = queued();
        var asked = new AtomicInteger();
        var outcome = execute(parts.on(blobs -> blobs), run, () -> asked.incrementAndGet() > 5);
        assertThat(outcome).isEqualTo(JobOutcome.HANDED_BACK);

        var failing = parts.on(blobs -> new FailingBlobs(blobs, Fault.READ_UNANSWERED, _ -> true));
        assertThatThrownBy(() -> execute(failing, run)).isInstanceOf(UnavailableException.class);
        assertThat(client.get("/v1/runs/" + run).json().get("state").stringValue())
                .isEqualTo("queued");
        assertThat(events(run).getLast()).isEqualTo("queued: The store does not answer");
        execute(parts.on(blobs -> blobs), run);

        assertThat(result(run)).isEqualTo(result(id(undisturbed)));
        assertThat(events(run)).anyMatch(event -> event.contains("it goes on from checkpoint"));
    }

    @Test
    void aStoreThatDoesNotTakeTheModelIsTriedAgain() throws IOException {
        var undisturbed = service.train(request(), iris);
        String run = queued();

        var failing = parts.on(blobs -> new FailingBlobs(blobs, Fault.PUT_UNANSWERED, n -> n > 3));
        assertThatThrownBy(() -> execute(failing, run)).isInstanceOf(UnavailableException.class);
        execute(parts.on(blobs -> blobs), run);

        assertThat(result(run)).isEqualTo(result(id(undisturbed)));
    }

    @Test
    void aRunThatBringsItsWorkerDownTooOftenSaysSo() {
        String run = queued();

        parts.on(blobs -> blobs).abandoned(run, "tried 3 times; the last time its worker died");

        var failed = client.get("/v1/runs/" + run).json();
        assertThat(failed.get("state").stringValue()).isEqualTo("failed");
        assertThat(failed.at("/error/detail").stringValue())
                .isEqualTo("tried 3 times; the last time its worker died");
        assertThat(events(run).getLast())
                .isEqualTo("failed: tried 3 times; the last time its worker died");
    }

    @Test
    void twoRunsAtOnceComeToTheBitsOfEachAlone() throws Exception {
        var first = service.train(request(), iris);
        var second = service.train(request().put("seed", 8), iris);
        String one = queued();
        String two = queued(request().put("seed", 8));

        try (var workers = Executors.newFixedThreadPool(2)) {
            var other = workers.submit(() -> execute(parts.on(blobs -> blobs), two));
            workers.submit(() -> execute(parts.on(blobs -> blobs), one)).get();
            other.get();
        }

        assertThat(result(one)).isEqualTo(result(id(first)));
        assertThat(result(two)).isEqualTo(result(id(second)));
        assertThat(result(one)).isNotEqualTo(result(two));
    }

    private static JobOutcome execute(RunWorker worker, String run) throws IOException {
        return execute(worker, run, () -> false);
    }

    private static JobOutcome execute(RunWorker worker, String run, BooleanSupplier stopping)
            throws IOException {
        return worker.execute(run, new JobContext(new WorkerSlot(0, "cpu"), 1, stopping));
    }

    private String queued() {
        return queued(request());
    }

    /** A run that the service's own workers know nothing of. */
    private String queued(ObjectNode request) {
        byte[] body = request.put("dataset", iris).toString().getBytes(StandardCharsets.UTF_8);
        return transaction.execute(_ -> {
            String run = submission.submit(body, Optional.empty()).toString();
            assertThat(queue.remove(RunWorker.KIND, run)).isTrue();
            return run;
        });
    }

    private List<String> events(String run) {
        return client.get("/v1/runs/" + run + "/events")
                .json()
                .get("items")
                .valueStream()
                .map(event ->
                        event.get("type").stringValue() + ": " + event.get("detail").stringValue())
                .toList();
    }

    /** Weights, optimiser and the metrics of all epochs. */
    private String result(String run) {
        var view = client.get("/v1/runs/" + run).json();
        assertThat(view.get("state").stringValue()).as(view.toString()).isEqualTo("succeeded");
        String files =
                client.get(view.at("/model/url").stringValue())
                        .json()
                        .get("files")
                        .valueStream()
                        .filter(file ->
                                file.get("name")
                                        .stringValue()
                                        .matches("state_dict.pt|optimizer.pt"))
                        .map(file -> file.get("sha256").stringValue())
                        .toList()
                        .toString();
        return files
                + client.get("/v1/runs/" + run + "/metrics")
                        .json()
                        .get("items")
                        .valueStream()
                        .map(row -> row.get("epoch") + " " + row.get("metrics"))
                        .toList();
    }

    private static String id(JsonNode resource) {
        return resource.get("id").stringValue();
    }

    private static ObjectNode request() {
        return (ObjectNode)
                JsonMapper.shared()
                        .readTree(
                                """
                                {"name": "failing-%s", "target": "species", "seed": 7,
                                 "model": {"layers": [{"type": "Linear", "out_features": 3},
                                   {"type": "Dropout", "p": 0.1}]},
                                 "loss": "CrossEntropyLoss", "optimizer": {"type": "Adam", "lr": 0.05},
                                 "epochs": 12, "checkpoint": {"every_epochs": 1}}
                                """
                                        .formatted(UUID.randomUUID()));
    }
}
