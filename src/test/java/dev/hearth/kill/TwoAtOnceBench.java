package dev.hearth.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Two runs at once in one process come to the bits that each comes to alone, and how much faster
 * that is: alone and together in turn, in one session. {@code bench/two-at-once.sh} runs it.
 */
class TwoAtOnceBench {

    private static final int TRAINING_ROWS = 1437;

    private final int rounds = Integer.getInteger("hearth.kill.rounds", 7);
    private final int epochs = Integer.getInteger("hearth.kill.epochs", 60);

    @Test
    void twoRunsAtOnceComeToTheBitsOfEachAlone() throws IOException {
        try (Cluster cluster = Cluster.start(List.of("--hearth.worker.devices=cpu:2"))) {
            ServiceClient client = cluster.client();
            String dataset = client.upload("digits");
            cluster.startWorker();
            // The first of each is slower than all others.
            together(client, dataset, new HashSet<>(), new HashSet<>());
            Set<String> first = new HashSet<>();
            Set<String> second = new HashSet<>();
            var alone = new ArrayList<Double>();
            var atOnce = new ArrayList<Double>();
            for (int round = 0; round < rounds; round++) {
                alone.add(alone(client, dataset, 0, first));
                alone.add(alone(client, dataset, 1, second));
                atOnce.add(together(client, dataset, first, second));
            }
            var slow = new Spread(alone);
            var fast = new Spread(atOnce);
            String table =
                    """
                    | what | figure |
                    | --- | --- |
                    | runs, each alone and at once with the other | %d and %d times |
                    | results (weights, optimiser, metrics) of the first and the second run | %d and %d |
                    | rows/s alone | %s |
                    | rows/s of both together at once | %s |
                    | together beside alone | %.2f |
                    """
                            .formatted(
                                    rounds,
                                    rounds,
                                    first.size(),
                                    second.size(),
                                    slow,
                                    fast,
                                    fast.median() / slow.median());
            System.out.println(table);
            Files.writeString(Path.of("target/two-at-once.md"), table);
            assertThat(first).hasSize(1);
            assertThat(second).hasSize(1);
            assertThat(first).isNotEqualTo(second);
        }
    }

    private double alone(ServiceClient client, String dataset, int variant, Set<String> results) {
        JsonNode run = client.end(client.submit(request(dataset, variant)));
        results.add(client.result(run));
        return epochs * TRAINING_ROWS / seconds(began(client, run), finished(run));
    }

    private double together(
            ServiceClient client, String dataset, Set<String> first, Set<String> second) {
        String a = client.submit(request(dataset, 0));
        String b = client.submit(request(dataset, 1));
        JsonNode one = client.end(a);
        JsonNode two = client.end(b);
        first.add(client.result(one));
        second.add(client.result(two));
        Instant begin = earlier(began(client, one), began(client, two));
        Instant end = later(finished(one), finished(two));
        return 2.0 * epochs * TRAINING_ROWS / seconds(begin, end);
    }

    /** Of the same cost, so that neither waits for the other at the end. */
    private String request(String dataset, int variant) {
        return KillRuns.request(dataset, variant, epochs)
                .replace("\"every_epochs\": 1", "\"every_epochs\": 20")
                .replace("\"accumulate\": 2", "\"accumulate\": 1");
    }

    private static Instant began(ServiceClient client, JsonNode run) {
        return client.get("/v1/runs/%s/events?limit=50".formatted(run.get("id").stringValue()))
                .get("items")
                .valueStream()
                .filter(event -> event.get("type").stringValue().equals("running"))
                .map(event -> Instant.parse(event.get("created_at").stringValue()))
                .findFirst()
                .orElseThrow();
    }

    private static Instant finished(JsonNode run) {
        return Instant.parse(run.get("finished_at").stringValue());
    }

    private static Instant earlier(Instant one, Instant two) {
        return one.isBefore(two) ? one : two;
    }

    private static Instant later(Instant one, Instant two) {
        return one.isBefore(two) ? two : one;
    }

    private static double seconds(Instant begin, Instant end) {
        return Duration.between(begin, end).toNanos() / 1e9;
    }
}
