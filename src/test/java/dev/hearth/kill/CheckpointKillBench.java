package dev.hearth.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Processes die at each point of the writing of a checkpoint, several times each. Afterwards there
 * is the checkpoint before or the new one, whole and with its metrics, and a healthy process comes
 * to the same bits as one that was never disturbed. {@code bench/kill-checkpoint.sh} runs it.
 */
class CheckpointKillBench {

    private static final int EPOCHS = 12;

    /** So that the last one to die still finds a run to train. */
    private static final int SPARE = 8;

    private static final Pattern LAST_WORDS =
            Pattern.compile(Death.WORDS.replace("%d", "(\\d+)").replace("%s", "(\\S+)"));

    private final int times = Integer.getInteger("hearth.kill.times", 5);
    private final int atOnce = Integer.getInteger("hearth.kill.at-once", 2);

    /** What was found after a death. */
    private record Finding(DeathPoint point, boolean died, List<String> faults) {}

    private record Task(DeathPoint point, int time) {}

    @Test
    void thereIsAlwaysTheCheckpointBeforeOrTheNewOne() throws Exception {
        try (Cluster cluster =
                Cluster.start(
                        List.of(
                                "--hearth.worker.heartbeat=1s",
                                "--hearth.worker.poll-interval=200ms"))) {
            ServiceClient client = cluster.client();
            String dataset = client.upload("digits");
            List<String> expected = references(cluster, client, dataset);
            var tasks = new ArrayList<Task>();
            for (int time = 0; time < times; time++) {
                for (DeathPoint point : DeathPoint.values()) {
                    tasks.add(new Task(point, time));
                }
            }
            var runs = new ArrayList<String>();
            for (int i = 0; i < tasks.size() + SPARE; i++) {
                runs.add(client.submit(request(dataset, i)));
            }
            List<Finding> findings = dieAll(cluster, tasks);
            ServiceProcess healthy = cluster.startWorker();
            int different = 0;
            for (int i = 0; i < runs.size(); i++) {
                var run = client.end(runs.get(i));
                if (!ServiceClient.state(run).equals("succeeded")
                        || !client.result(run).equals(expected.get(i % KillRuns.VARIANTS))) {
                    different++;
                    System.out.println("another result: " + run);
                }
            }
            healthy.terminate();
            report(cluster, findings, different);
        }
    }

    private static String request(String dataset, int variant) {
        // So that each checkpoint but the first supersedes one.
        return KillRuns.request(dataset, variant, EPOCHS)
                .replace("{\"every_epochs\": 1}", "{\"every_epochs\": 1, \"keep_last\": 1}");
    }

    private static List<String> references(Cluster cluster, ServiceClient client, String dataset) {
        ServiceProcess worker = cluster.startWorker();
        var ids = new ArrayList<String>();
        for (int i = 0; i < KillRuns.VARIANTS; i++) {
            ids.add(client.submit(request(dataset, i)));
        }
        var results = ids.stream().map(id -> client.result(client.end(id))).toList();
        worker.terminate();
        return results;
    }

    private List<Finding> dieAll(Cluster cluster, List<Task> tasks)
            throws InterruptedException, ExecutionException {
        var stored = new StoredCheckpoints(cluster.sql(), cluster.data());
        try (var threads = Executors.newFixedThreadPool(atOnce)) {
            var findings = new ArrayList<Future<Finding>>();
            for (Task task : tasks) {
                findings.add(threads.submit(() -> die(cluster, stored, task)));
            }
            var all = new ArrayList<Finding>();
            for (Future<Finding> finding : findings) {
                all.add(finding.get());
            }
            return all;
        }
    }

    private static Finding die(Cluster cluster, StoredCheckpoints stored, Task task) {
        ServiceProcess worker =
                cluster.startWorker(
                        ServiceProcess.Program.of(MortalWorker.class),
                        Map.of(
                                "MORTAL_POINT",
                                task.point().name(),
                                "MORTAL_CHECKPOINT",
                                String.valueOf(2 + task.time())));
        int status = worker.await();
        var faults = new ArrayList<>(stored.faults());
        var words = LAST_WORDS.matcher(worker.text());
        boolean died = status == Death.STATUS && words.find();
        if (died) {
            faults.addAll(faults(cluster, task, words.group(2), Integer.parseInt(words.group(3))));
        } else {
            System.out.println(worker.text());
        }
        return new Finding(task.point(), died, faults);
    }

    /**
     * Each epoch has a checkpoint, so their numbers, and the metrics' rows, have to be the same.
     */
    private static List<String> faults(Cluster cluster, Task task, String run, int committed) {
        return cluster.sql()
                .sql(
                        """
                        SELECT coalesce(max(number), 0) AS number, coalesce(max(epoch), 0) AS epoch,
                            count(*) AS kept,
                            (SELECT count(*) FROM run_epoch WHERE run_id = :run) AS metrics
                        FROM run_checkpoint WHERE run_id = :run
                        """)
                .param("run", UUID.fromString(run))
                .query((row, _) -> {
                    boolean sound =
                            row.getInt("number") == committed
                                    && row.getInt("epoch") == Math.min(committed, EPOCHS)
                                    && row.getInt("metrics") == Math.min(committed, EPOCHS)
                                    && row.getInt("kept") >= 1;
                    return sound
                            ? List.<String>of()
                            : List.of(
                                    "at %s, with %d committed: checkpoint %d of epoch %d, %d epochs' metrics"
                                            .formatted(
                                                    task.point(),
                                                    committed,
                                                    row.getInt("number"),
                                                    row.getInt("epoch"),
                                                    row.getInt("metrics")));
                })
                .single();
    }

    private void report(Cluster cluster, List<Finding> findings, int different) throws IOException {
        var table = new StringBuilder("| died | times | checkpoint afterwards | faults |\n");
        table.append("| --- | --- | --- | --- |\n");
        var byPoint = new EnumMap<DeathPoint, List<Finding>>(DeathPoint.class);
        findings.forEach(
                found -> byPoint.computeIfAbsent(found.point(), _ -> new ArrayList<>()).add(found));
        byPoint.forEach((point, found) ->
                table.append(
                        "| %s | %d | %s | %d |%n"
                                .formatted(
                                        point.name()
                                                .toLowerCase(java.util.Locale.ROOT)
                                                .replace('_', ' '),
                                        found.stream().filter(Finding::died).count(),
                                        point.isCommitted() ? "the new one" : "the one before",
                                        found.stream()
                                                .mapToInt(one -> one.faults().size())
                                                .sum())));
        table.append(
                "%n%d deaths; runs whose weights, optimiser or metrics differ in the end: %d; faults in the end: %d%n"
                        .formatted(
                                findings.stream().filter(Finding::died).count(),
                                different,
                                new StoredCheckpoints(cluster.sql(), cluster.data())
                                        .faults()
                                        .size()));
        System.out.println(table);
        Files.writeString(Path.of("target/kill-checkpoint.md"), table);
        findings.stream().flatMap(found -> found.faults().stream()).forEach(System.out::println);
        assertThat(findings).allMatch(Finding::died);
        assertThat(findings).allMatch(found -> found.faults().isEmpty());
        assertThat(different).isZero();
        assertThat(new StoredCheckpoints(cluster.sql(), cluster.data()).faults()).isEmpty();
    }
}
