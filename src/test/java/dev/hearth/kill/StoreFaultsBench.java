package dev.hearth.kill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.hearth.storage.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;

/**
 * Places for checkpoints that fail: a disk that is full, and an object store that answers 500. A
 * run goes on or fails with the reason, what it had stored stays good, and it comes to the same
 * bits in the end. {@code bench/store-faults.sh} runs it.
 */
class StoreFaultsBench {

    private static final int EPOCHS = 60;
    private static final String DISK = "24m";
    private static final String BUCKET = "hearth";
    private static final List<String> HEARTBEAT =
            List.of("--hearth.worker.heartbeat=1s", "--hearth.worker.poll-interval=200ms");
    private static final List<String> TABLE = new ArrayList<>();

    @BeforeAll
    static void begin() {
        TABLE.add("| what failed | what the run did | in the end |");
        TABLE.add("| --- | --- | --- |");
    }

    @AfterAll
    static void writeTable() throws IOException {
        TABLE.forEach(System.out::println);
        Files.write(Path.of("target/store-faults.md"), TABLE);
    }

    /** What one case needs. */
    private record Stage(Cluster cluster, ServiceClient client, String dataset, String expected) {

        static Stage of(Cluster cluster) {
            ServiceClient client = cluster.client();
            String dataset = client.upload("digits");
            String expected = client.result(client.end(client.submit(request(dataset))));
            return new Stage(cluster, client, dataset, expected);
        }

        static String request(String dataset) {
            return KillRuns.request(dataset, 1, EPOCHS);
        }

        String submit() {
            return client.submit(request(dataset));
        }

        /** Waits until a run has checkpoints. */
        String submitAndAwait(int checkpoints) {
            String run = submit();
            await(() -> newest(run) >= checkpoints);
            return run;
        }

        int newest(String run) {
            return checkpoints(run).isEmpty()
                    ? 0
                    : checkpoints(run).get(0).get("number").intValue();
        }

        JsonNode checkpoints(String run) {
            return client.get("/v1/runs/" + run + "/checkpoints").get("items");
        }

        boolean hasEvent(String run, String words) {
            return events(run).stream().anyMatch(event -> event.contains(words));
        }

        List<String> events(String run) {
            return client.get("/v1/runs/" + run + "/events?limit=200")
                    .get("items")
                    .valueStream()
                    .map(event -> event.get("type").stringValue() + ": " + event.get("detail"))
                    .toList();
        }

        void endsAsEver(String run) {
            assertThat(client.result(client.end(run))).isEqualTo(expected);
        }

        void row(String what, String run, String end) {
            long failures =
                    events(run).stream()
                            .filter(event -> event.startsWith("checkpoint_failed"))
                            .count();
            TABLE.add(
                    "| %s | %s | %s |"
                            .formatted(
                                    what,
                                    failures > 0
                                            ? "said so (`checkpoint_failed`, %d) and trained on"
                                                    .formatted(failures)
                                            : "noticed nothing or was tried again",
                                    end));
        }
    }

    private static void await(BooleanSupplier condition) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(50))
                .until(condition::getAsBoolean);
    }

    @Test
    void aFullDiskCostsNoRunWhatItHadStored() throws IOException {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        try (var disk = SmallDisk.mount(DISK)) {
            try (Cluster cluster = Cluster.start(disk::place, HEARTBEAT)) {
                ServiceProcess worker = cluster.startWorker();
                Stage stage = Stage.of(cluster);
                var stored = new StoredCheckpoints(cluster.sql(), cluster.data());

                String run = stage.submitAndAwait(3);
                disk.fill();
                await(() -> stage.hasEvent(run, "the worker's disk is full"));
                assertThat(stored.faults()).isEmpty();
                disk.empty();
                stage.endsAsEver(run);
                stage.row(
                        "the disk is full for a while", run, "same bits, no epoch without metrics");

                String killed = stage.submitAndAwait(3);
                disk.fill();
                await(() -> stage.hasEvent(killed, "checkpoint_failed"));
                int newest = stage.newest(killed);
                worker.kill();
                assertThat(stored.faults()).isEmpty();
                disk.empty();
                ServiceProcess second = cluster.startWorker();
                stage.endsAsEver(killed);
                assertThat(stage.hasEvent(killed, "it goes on from checkpoint " + newest)).isTrue();
                stage.row(
                        "the disk is full, and the worker is killed",
                        killed,
                        "went on from checkpoint %d, the last before; same bits".formatted(newest));

                String failed = stage.submitAndAwait(3);
                disk.fill();
                await(() -> stage.hasEvent(failed, "checkpoint_failed"));
                second.kill();
                cluster.startWorker();
                await(() -> {
                    // A worker that starts clears away what the dead one has left.
                    disk.fill();
                    return ServiceClient.state(stage.client().run(failed)).equals("failed");
                });
                var end = stage.client().run(failed);
                assertThat(end.at("/error/type").stringValue()).endsWith("storage-full");
                assertThat(stored.faults()).isEmpty();
                disk.empty();
                stage.client().post("/v1/runs/" + failed + ":retry", "application/json", "");
                stage.endsAsEver(failed);
                assertThat(stage.hasEvent(failed, "it goes on from checkpoint")).isTrue();
                stage.row(
                        "the disk is full, and another worker begins there",
                        failed,
                        "failed (%s); after `:retry` from its last checkpoint the same bits"
                                .formatted(end.at("/error/detail").stringValue()));
                assertThat(stored.faults()).isEmpty();
            }
        }
    }

    @Test
    void aStoreThatAnswers500CostsNoRunWhatItHadStored() throws Exception {
        S3Server server = S3Server.start();
        try (var route = FaultyRoute.to(server.endpoint())) {
            createBucket(server);
            Map<String, String> environment =
                    Map.of(
                            "HEARTH_STORAGE",
                            "s3",
                            "HEARTH_S3_ENDPOINT",
                            route.endpoint(),
                            "HEARTH_S3_BUCKET",
                            BUCKET,
                            "HEARTH_S3_ACCESS_KEY",
                            S3Server.ACCESS_KEY,
                            "HEARTH_S3_SECRET_KEY",
                            S3Server.SECRET_KEY);
            try (Cluster cluster = Cluster.start(environment, HEARTBEAT)) {
                ServiceProcess worker = cluster.startWorker();
                Stage stage = Stage.of(cluster);
                for (String method : List.of("PUT", "HEAD", "DELETE", "")) {
                    failsForAWhile(stage, route, method);
                }
                notWhenItIsOwned(stage, route);
                notWhenItIsReadAgain(stage, route, worker);
                notAtTheEnd(stage, route);
                everyCheckpointIsWhole(stage, server);
            }
        } finally {
            server.stop();
        }
    }

    private static void failsForAWhile(Stage stage, FaultyRoute route, String method) {
        String run = stage.submitAndAwait(3);
        route.fail(line -> line.startsWith(method));
        if (method.equals("DELETE")) {
            await(() -> route.failed() > 0);
        } else {
            await(() -> stage.hasEvent(run, "checkpoint_failed"));
        }
        int newest = stage.newest(run);
        route.fail(_ -> false);
        stage.endsAsEver(run);
        assertThat(stage.newest(run)).isGreaterThan(newest);
        stage.row(
                "the store answers 500 for a while to "
                        + (method.isEmpty() ? "everything" : method),
                run,
                "same bits, no epoch without metrics");
    }

    /** After an object was sent, the second HEAD: the first one belongs to the sending. */
    private static final class SecondLook implements Predicate<String> {
        private String sent = "";
        private boolean looked;

        @Override
        public synchronized boolean test(String line) {
            String path = line.replaceFirst("^\\S+ (\\S+) .*$", "$1");
            if (line.startsWith("PUT")) {
                sent = path;
                looked = false;
            } else if (line.startsWith("HEAD") && path.equals(sent)) {
                boolean second = looked;
                looked = true;
                return second;
            }
            return false;
        }
    }

    /** Stored, and then it cannot be made sure of in the transaction that writes the row. */
    private static void notWhenItIsOwned(Stage stage, FaultyRoute route) {
        String run = stage.submitAndAwait(3);
        route.fail(new SecondLook());
        await(() -> stage.hasEvent(run, "checkpoint_failed"));
        route.fail(_ -> false);
        stage.endsAsEver(run);
        stage.row("… between the bytes and the row", run, "same bits, no epoch without metrics");
    }

    private static void notWhenItIsReadAgain(Stage stage, FaultyRoute route, ServiceProcess worker)
            throws IOException {
        String run = stage.submitAndAwait(3);
        worker.kill();
        FileSystemUtils.deleteRecursively(stage.cluster().data().resolve("cache"));
        String newest = stage.checkpoints(run).get(0).get("sha256").stringValue();
        route.fail(line -> line.startsWith("GET") && line.contains(newest.substring(2)));
        stage.cluster().startWorker();
        await(() -> stage.hasEvent(run, "does not do what it is asked"));
        route.fail(_ -> false);
        stage.endsAsEver(run);
        assertThat(stage.hasEvent(run, "it goes on from checkpoint")).isTrue();
        assertThat(stage.events(run))
                .filteredOn(event -> event.contains("the parameters are fresh"))
                .hasSize(1);
        stage.row(
                "… to GET, when the next worker reads the checkpoint",
                run,
                "handed back, tried again, went on from its checkpoint; same bits");
    }

    private static void notAtTheEnd(Stage stage, FaultyRoute route) {
        String run = stage.submitAndAwait(3);
        route.fail(line -> line.startsWith("PUT"));
        await(() -> stage.hasEvent(run, "does not do what it is asked"));
        route.fail(_ -> false);
        stage.endsAsEver(run);
        stage.row(
                "the store answers 500 when the model is to be stored",
                run,
                "handed back and tried again until the store answered; same bits");
    }

    private static void everyCheckpointIsWhole(Stage stage, S3Server server) throws Exception {
        try (S3Client s3 = client(server)) {
            for (var row :
                    stage.cluster()
                            .sql()
                            .sql("SELECT sha256 FROM run_checkpoint")
                            .query()
                            .listOfRows()) {
                String hash = String.valueOf(row.get("sha256"));
                byte[] bytes =
                        s3.getObjectAsBytes(request ->
                                        request.bucket(BUCKET)
                                                .key(
                                                        hash.substring(0, 2)
                                                                + "/"
                                                                + hash.substring(2)))
                                .asByteArrayUnsafe();
                assertThat(Hashes.sha256(bytes)).isEqualTo(hash);
            }
        }
    }

    private static void createBucket(S3Server server) throws Exception {
        try (S3Client s3 = client(server)) {
            s3.createBucket(request -> request.bucket(BUCKET));
        }
    }

    private static S3Client client(S3Server server) throws Exception {
        return S3Client.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(server.endpoint())
                .forcePathStyle(true)
                // What the server does not know.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(
                                        S3Server.ACCESS_KEY, S3Server.SECRET_KEY)))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }
}
