package dev.hearth.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * A run that brings its process down whenever it is claimed ends as failed, and says why; the runs
 * that were trained beside it in the same processes come to their results. {@code bench/crash.sh}
 * runs it.
 */
class CrashBench {

    private static final int WORKERS = 2;
    private static final int NEIGHBOURS = 8;
    private static final int EPOCHS = 100;

    @Test
    void aRunThatCrashesItsProcessThreeTimesFailsAndItsNeighboursFinish() throws IOException {
        try (Cluster cluster =
                Cluster.start(
                        List.of(
                                "--hearth.worker.heartbeat=1s",
                                "--hearth.worker.poll-interval=200ms",
                                "--hearth.worker.devices=cpu:2"))) {
            var audit = Audit.begin(cluster.sql());
            ServiceClient client = cluster.client();
            String dataset = client.upload("digits");
            var workers = new ArrayList<ServiceProcess>();
            for (int i = 0; i < WORKERS; i++) {
                workers.add(cluster.startWorker());
            }
            List<String> expected = finish(client, dataset, KillRuns.VARIANTS);
            var neighbours = submit(client, dataset, NEIGHBOURS / 2);
            String crashing = client.submit(slow(dataset));
            neighbours.addAll(submit(client, dataset, NEIGHBOURS / 2));

            int crashes = 0;
            int beside = 0;
            while (!ServiceClient.state(client.run(crashing)).equals("failed")) {
                var which = holder(audit, workers, crashing);
                if (which.isPresent()) {
                    beside += audit.heldBy(workers.get(which.get()).name()).size() - 1;
                    workers.get(which.get()).kill();
                    workers.set(which.get(), cluster.startWorker());
                    crashes++;
                }
                Awaitility.await()
                        .atMost(Duration.ofMinutes(5))
                        .pollInterval(Duration.ofMillis(20))
                        .until(() ->
                                holder(audit, workers, crashing).isPresent()
                                        || ServiceClient.state(client.run(crashing))
                                                .equals("failed"));
            }
            var different = new ArrayList<String>();
            for (int i = 0; i < neighbours.size(); i++) {
                var run = client.end(neighbours.get(i));
                if (!ServiceClient.state(run).equals("succeeded")
                        || !client.result(run).equals(expected.get(i % KillRuns.VARIANTS))) {
                    different.add(run.toString());
                }
            }
            var failed = client.run(crashing);
            String table =
                    """
                    | what | figure |
                    | --- | --- |
                    | times that the run brought its process down | %d |
                    | its state and reason | %s: %s |
                    | its epochs and checkpoints | %d, %d |
                    | neighbours that were killed with it | %d |
                    | neighbours that finished with the bits of the undisturbed | %d of %d |
                    """
                            .formatted(
                                    crashes,
                                    ServiceClient.state(failed),
                                    failed.at("/error/detail").stringValue(),
                                    client.metrics(crashing).size(),
                                    checkpoints(cluster, crashing),
                                    beside,
                                    neighbours.size() - different.size(),
                                    neighbours.size());
            System.out.println(table);
            Files.writeString(Path.of("target/crash.md"), table);
            assertThat(different).isEmpty();
            assertThat(crashes).isEqualTo(3);
            assertThat(failed.at("/error/detail").stringValue())
                    .isEqualTo("tried 3 times; the last time its worker died");
        }
    }

    private static Optional<Integer> holder(Audit audit, List<ServiceProcess> workers, String run) {
        for (int i = 0; i < workers.size(); i++) {
            if (audit.heldBy(workers.get(i).name()).stream()
                    .anyMatch(claim -> claim.run().equals(UUID.fromString(run)))) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    private static long checkpoints(Cluster cluster, String run) {
        return cluster.sql()
                .sql("SELECT count(*) FROM run_checkpoint WHERE run_id = :run::uuid")
                .params(Map.of("run", run))
                .query(Long.class)
                .single();
    }

    private static List<String> finish(ServiceClient client, String dataset, int count) {
        return submit(client, dataset, count).stream()
                .map(id -> client.result(client.end(id)))
                .toList();
    }

    private static List<String> submit(ServiceClient client, String dataset, int count) {
        var runs = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            runs.add(client.submit(KillRuns.request(dataset, i, EPOCHS)));
        }
        return runs;
    }

    /** An epoch of it takes long, so there is none before it is killed. */
    private static String slow(String dataset) {
        return KillRuns.request(dataset, 0, 50)
                .replace("\"out_features\": 128", "\"out_features\": 8192");
    }
}
