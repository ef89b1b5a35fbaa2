package dev.hearth.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Three workers on one database and store are killed, stopped and sent away while they train, and
 * nothing is lost, doubled or changed by a bit. {@code bench/kill.sh} runs it.
 */
class KillBench {

    private static final int WORKERS = 3;
    private static final int VARIANTS = 4;
    private static final Pattern DATABASE =
            Pattern.compile("Embedded PostgreSQL in (.*) answers on port (\\d+)");

    /** What the database itself sees, whatever a process believes. */
    private static final String AUDIT =
            """
            CREATE TABLE kill_epoch (run_id uuid, epoch integer);
            CREATE FUNCTION kill_epoch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              INSERT INTO kill_epoch VALUES (new.run_id, new.epoch); RETURN NULL; END $$;
            CREATE TRIGGER kill_epoch AFTER INSERT ON run_epoch
              FOR EACH ROW EXECUTE FUNCTION kill_epoch();
            CREATE TABLE kill_stale (run_id uuid, fence bigint);
            CREATE FUNCTION kill_stale() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF new.fence <> (SELECT fence FROM run WHERE id = new.run_id) THEN
                INSERT INTO kill_stale VALUES (new.run_id, new.fence);
              END IF; RETURN NULL; END $$;
            CREATE TRIGGER kill_stale AFTER INSERT ON run_checkpoint
              FOR EACH ROW EXECUTE FUNCTION kill_stale();
            CREATE TABLE kill_claim (run_id uuid, fence bigint, ended integer, saved integer,
              at timestamptz);
            CREATE FUNCTION kill_claim() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              INSERT INTO kill_claim VALUES (new.id, new.fence,
                (SELECT coalesce(max(epoch), 0) FROM run_epoch WHERE run_id = new.id),
                coalesce((SELECT epoch FROM run_checkpoint WHERE run_id = new.id
                  ORDER BY number DESC LIMIT 1), 0), clock_timestamp());
              RETURN NULL; END $$;
            CREATE TRIGGER kill_claim AFTER UPDATE OF fence ON run
              FOR EACH ROW WHEN (new.fence > old.fence) EXECUTE FUNCTION kill_claim();
            """;

    private final int runs = Integer.getInteger("hearth.kill.runs", 12);
    private final int kills = Integer.getInteger("hearth.kill.kills", 6);
    private final int freezes = Integer.getInteger("hearth.kill.freezes", 1);
    private final int departures = Integer.getInteger("hearth.kill.departures", 2);
    private final int epochs = Integer.getInteger("hearth.kill.epochs", 60);
    private final String heartbeat = System.getProperty("hearth.kill.heartbeat", "1s");
    private final Path jar = Path.of(System.getProperty("hearth.kill.jar", "target/hearth.jar"));
    private final Random random = new Random(Long.getLong("hearth.kill.seed", 1));

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<ServiceProcess> workers = new ArrayList<>();
    private final List<Duration> takeOvers = new ArrayList<>();
    private final List<Duration> exits = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private Path folder = Path.of("target");
    private int started;

    @Test
    void nothingIsLostDoubledOrChanged() throws IOException {
        folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "kill-");
        environment.put("HEARTH_DATA_DIR", folder.resolve("data").toString());
        try (ServiceProcess api = start("api")) {
            JdbcClient sql = database(api);
            sql.sql(AUDIT).update();
            environment.put("HEARTH_ROLES", "worker");
            for (int i = 0; i < WORKERS; i++) {
                workers.add(start("worker"));
            }
            String dataset = upload(api);
            List<String> expected = references(api, dataset);
            var submitted = new ArrayList<String>();
            for (int i = 0; i < runs; i++) {
                submitted.add(submit(api, dataset, i % VARIANTS));
            }
            disturb(sql);
            int lost = 0;
            int different = 0;
            for (int i = 0; i < runs; i++) {
                JsonNode run = end(api, submitted.get(i));
                if (!run.get("state").stringValue().equals("succeeded")) {
                    lost++;
                    System.out.println(run);
                } else if (!hashes(api, run).equals(expected.get(i % VARIANTS))) {
                    different++;
                }
            }
            report(sql, lost, different);
        } finally {
            workers.forEach(ServiceProcess::close);
        }
    }

    private void disturb(JdbcClient sql) {
        var deeds = new ArrayList<Runnable>();
        for (int i = 0; i < kills; i++) {
            deeds.add(() -> kill(sql));
        }
        for (int i = 0; i < freezes; i++) {
            deeds.add(() -> freeze(sql));
        }
        for (int i = 0; i < departures; i++) {
            deeds.add(this::depart);
        }
        java.util.Collections.shuffle(deeds, random);
        for (Runnable deed : deeds) {
            int pause = 500 + random.nextInt(2500);
            Awaitility.await()
                    .atMost(Duration.ofMinutes(10))
                    .pollDelay(Duration.ofMillis(pause))
                    .until(() -> running(sql) > 0 || unfinished(sql) == 0);
            deed.run();
        }
    }

    private void kill(JdbcClient sql) {
        int which = random.nextInt(WORKERS);
        ServiceProcess worker = workers.get(which);
        var had = worker.lastRun();
        worker.kill();
        Instant killed = Instant.now();
        workers.set(which, start("worker"));
        had.filter(run -> isUnfinished(sql, run))
                .ifPresent(run -> takeOvers.add(takeOver(sql, run, killed)));
    }

    /** Past its lease, and then on as if nothing had happened. */
    private void freeze(JdbcClient sql) {
        ServiceProcess worker = workers.get(random.nextInt(WORKERS));
        var had = worker.lastRun();
        worker.signal("STOP");
        Instant frozen = Instant.now();
        try {
            had.filter(run -> isUnfinished(sql, run)).ifPresent(run -> takeOver(sql, run, frozen));
        } finally {
            worker.signal("CONT");
        }
    }

    private void depart() {
        int which = random.nextInt(WORKERS);
        exits.add(workers.get(which).terminate());
        workers.set(which, start("worker"));
    }

    private static Duration takeOver(JdbcClient sql, String run, Instant from) {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(5))
                .until(
                        () ->
                                sql.sql(
                                                """
                                                SELECT min(at) FROM kill_claim
                                                WHERE run_id = :run::uuid AND at > :from::timestamptz
                                                """)
                                        .param("run", run)
                                        .param("from", from.toString())
                                        .query((row, _) ->
                                                java.util.Optional.ofNullable(row.getTimestamp(1)))
                                        .single()
                                        .map(at -> Duration.between(from, at.toInstant())),
                        found -> found.isPresent() || !isUnfinished(sql, run))
                .orElse(Duration.ZERO);
    }

    private static boolean isUnfinished(JdbcClient sql, String run) {
        return sql.sql("SELECT state IN ('preparing', 'running') FROM run WHERE id = :run::uuid")
                .param("run", run)
                .query(Boolean.class)
                .single();
    }

    private static long running(JdbcClient sql) {
        return count(sql, "SELECT count(*) FROM run WHERE state IN ('preparing', 'running')");
    }

    private static long unfinished(JdbcClient sql) {
        return count(
                sql, "SELECT count(*) FROM run WHERE state IN ('queued', 'preparing', 'running')");
    }

    private static long count(JdbcClient sql, String query) {
        return sql.sql(query).query(Long.class).single();
    }

    private void report(JdbcClient sql, int lost, int different) {
        long twice =
                count(
                        sql,
                        "SELECT count(*) FROM (SELECT 1 FROM kill_epoch GROUP BY run_id, epoch"
                                + " HAVING count(*) > 1) twice");
        long stale = count(sql, "SELECT count(*) FROM kill_stale");
        long redone = count(sql, "SELECT coalesce(max(ended - saved), 0) FROM kill_claim") + 1;
        long goesOn =
                count(sql, "SELECT count(*) FROM run_event WHERE detail LIKE '%it goes on from%'");
        System.out.printf(
                """
                | runs | kill -9 | SIGSTOP past the lease | SIGTERM | heartbeat |
                | --- | --- | --- | --- | --- |
                | %d | %d | %d | %d | %s |

                | what | figure |
                | --- | --- |
                | runs lost | %d |
                | runs whose weights or optimiser differ | %d |
                | epochs committed twice | %d |
                | stale checkpoints accepted | %d |
                | epochs trained again after a loss, at most | %d |
                | times that a run went on from a checkpoint | %d |
                | time to take over | %s |
                | time to exit after SIGTERM | %s |
                """,
                runs,
                kills,
                freezes,
                departures,
                heartbeat,
                lost,
                different,
                twice,
                stale,
                redone,
                goesOn,
                spread(takeOvers),
                spread(exits));
        assertThat(List.of(lost, different)).containsOnly(0);
        assertThat(List.of(twice, stale)).containsOnly(0L);
        assertThat(redone).isLessThanOrEqualTo(1);
        assertThat(exits).allMatch(time -> time.toSeconds() < 60);
    }

    private static String spread(List<Duration> times) {
        List<Long> sorted = times.stream().map(Duration::toMillis).sorted().toList();
        return sorted.isEmpty()
                ? "-"
                : "%d to %d ms, median %d ms (%d)"
                        .formatted(
                                sorted.getFirst(),
                                sorted.getLast(),
                                sorted.get(sorted.size() / 2),
                                sorted.size());
    }

    private ServiceProcess start(String role) {
        started++;
        environment.putIfAbsent("HEARTH_ROLES", role);
        return ServiceProcess.start(
                jar,
                folder.resolve("%s-%d.log".formatted(role, started)),
                environment,
                List.of(
                        "--hearth.worker.heartbeat=" + heartbeat,
                        "--hearth.worker.poll-interval=200ms"));
    }

    /** The database that the first process has brought with it, for the others and for looking. */
    private JdbcClient database(ServiceProcess api) throws IOException {
        var found = DATABASE.matcher(api.awaitLine(DATABASE));
        assertThat(found.find()).isTrue();
        String url = "jdbc:postgresql://127.0.0.1:%s/postgres".formatted(found.group(2));
        String password = Files.readString(Path.of(found.group(1), "password"));
        environment.put("HEARTH_DB_URL", url);
        environment.put("HEARTH_DB_USER", "hearth");
        environment.put("HEARTH_DB_PASSWORD", password);
        Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .ignoreExceptions()
                .until(
                        () -> get(api, "/actuator/health/readiness").get("status").asString(),
                        "UP"::equals);
        return JdbcClient.create(new DriverManagerDataSource(url, "hearth", password));
    }

    /** Of each variant, undisturbed. */
    private List<String> references(ServiceProcess api, String dataset) {
        var ids = new ArrayList<String>();
        for (int i = 0; i < VARIANTS; i++) {
            ids.add(submit(api, dataset, i));
        }
        return ids.stream().map(id -> hashes(api, end(api, id))).toList();
    }

    private String hashes(ServiceProcess api, JsonNode run) {
        assertThat(run.get("state").stringValue()).as(run.toString()).isEqualTo("succeeded");
        return get(api, run.at("/model/url").stringValue())
                .get("files")
                .valueStream()
                .filter(file ->
                        file.get("name").stringValue().matches("(raw_)?state_dict.pt|optimizer.pt"))
                .map(file ->
                        file.get("name").stringValue() + " " + file.get("sha256").stringValue())
                .sorted()
                .toList()
                .toString();
    }

    private JsonNode end(ServiceProcess api, String run) {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(30))
                .pollInterval(Duration.ofMillis(250))
                .until(
                        () -> get(api, "/v1/runs/" + run),
                        view ->
                                view.get("state")
                                        .stringValue()
                                        .matches("succeeded|failed|cancelled"));
    }

    private String submit(ServiceProcess api, String dataset, int variant) {
        String optimizer =
                List.of(
                                "{\"type\": \"Adam\", \"lr\": 0.003}",
                                "{\"type\": \"SGD\", \"lr\": 0.05, \"momentum\": 0.9}",
                                "{\"type\": \"RMSprop\", \"lr\": 0.001, \"momentum\": 0.5}",
                                "{\"type\": \"AdamW\", \"lr\": 0.003, \"amsgrad\": true}")
                        .get(variant);
        String scheduler =
                List.of(
                                "{\"type\": \"OneCycleLR\", \"max_lr\": 0.01, \"interval\": \"step\"}",
                                "{\"type\": \"ReduceLROnPlateau\", \"patience\": 2}",
                                "{\"type\": \"StepLR\", \"step_size\": 10}",
                                "{\"type\": \"CosineAnnealingWarmRestarts\", \"T_0\": 7}")
                        .get(variant);
        String body =
                """
                {"name": "kill", "dataset": "%s", "target": "digit", "seed": %d, "epochs": %d,
                 "model": {"layers": [
                   {"type": "Linear", "out_features": 64}, {"type": "BatchNorm1d"}, {"type": "ReLU"},
                   {"type": "Dropout", "p": 0.3}, {"type": "Linear", "out_features": 10}]},
                 "loss": "CrossEntropyLoss", "optimizer": %s, "scheduler": %s, "batch_size": 16,
                 "accumulate": %d, "ema": {"decay": 0.9},
                 "early_stopping": {"patience": 1000}, "checkpoint": {"every_epochs": 1}}
                """
                        .formatted(dataset, variant, epochs, optimizer, scheduler, 1 + variant % 2);
        return post(api, "/v1/runs", "application/json", body).get("id").stringValue();
    }

    private String upload(ServiceProcess api) throws IOException {
        String csv = Files.readString(Path.of("src/main/resources/samples/digits.csv"));
        String body =
                "--hearth\r\nContent-Disposition: form-data; name=\"file\"; filename=\"digits.csv\"\r\n"
                        + "Content-Type: text/csv\r\n\r\n"
                        + csv
                        + "\r\n--hearth--\r\n";
        return post(api, "/v1/datasets", "multipart/form-data; boundary=hearth", body)
                .get("id")
                .stringValue();
    }

    private JsonNode get(ServiceProcess api, String path) {
        return send(HttpRequest.newBuilder(URI.create(api.url() + path)).build());
    }

    private JsonNode post(ServiceProcess api, String path, String type, String body) {
        return send(
                HttpRequest.newBuilder(URI.create(api.url() + path))
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    private JsonNode send(HttpRequest request) {
        try {
            var answer = http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
            assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
            return JsonMapper.shared().readTree(answer.body());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
