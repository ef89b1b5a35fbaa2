package dev.hearth.kill;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Processes of the service on one database and one folder: one that answers requests and brings the
 * database with it, and workers.
 */
final class Cluster implements AutoCloseable {

    private static final int LOOKERS = 5;
    private static final Pattern DATABASE =
            Pattern.compile("Embedded PostgreSQL in (.*) answers on port (\\d+)");

    private final Path folder;
    private final ServiceProcess.Program program = ServiceProcess.Program.ofJar();
    private final List<String> settings;
    private final Map<String, String> environment = new HashMap<>();
    private final HikariDataSource looking = new HikariDataSource();
    private final ServiceProcess api;
    private final JdbcClient sql;
    private final List<ServiceProcess> workers = new CopyOnWriteArrayList<>();
    private final Set<Path> seen = new HashSet<>();
    private final AtomicInteger started = new AtomicInteger();

    private Cluster(Path folder, List<String> settings, Map<String, String> more)
            throws IOException {
        this.folder = folder;
        this.settings = settings;
        environment.putAll(more);
        environment.put("HEARTH_DATA_DIR", data().toString());
        environment.put("HEARTH_ROLES", "api");
        this.api =
                ServiceProcess.start(
                        new ServiceProcess.Named("api", folder.resolve("api.log")),
                        program,
                        environment,
                        settings);
        this.sql = database();
        environment.put("HEARTH_ROLES", "worker");
    }

    /**
     * Starts the process that answers requests, in a folder of its own below {@code target}.
     *
     * @param settings of all processes, as command-line arguments
     */
    static Cluster start(List<String> settings) throws IOException {
        return start(Map.of(), settings);
    }

    /**
     * @param environment of all processes
     */
    static Cluster start(Map<String, String> environment, List<String> settings)
            throws IOException {
        return new Cluster(newFolder(), settings, environment);
    }

    /**
     * @param place prepares the data folder before anything is started
     */
    static Cluster start(Consumer<Path> place, List<String> settings) throws IOException {
        Path folder = newFolder();
        place.accept(folder.resolve("data"));
        return new Cluster(folder, settings, Map.of());
    }

    private static Path newFolder() throws IOException {
        Path target = Path.of(System.getProperty("hearth.kill.folder", "target")).toAbsolutePath();
        return Files.createTempDirectory(Files.createDirectories(target), "kill-");
    }

    Path data() {
        return folder.resolve("data");
    }

    JdbcClient sql() {
        return sql;
    }

    ServiceClient client() {
        return new ServiceClient(api.url());
    }

    ServiceProcess startWorker(String... more) {
        return startWorker(program, environment, more);
    }

    /**
     * Starts a worker that differs from the others.
     *
     * @param variables beside those of all
     */
    ServiceProcess startWorker(
            ServiceProcess.Program other, Map<String, String> variables, String... more) {
        String name = "worker-" + started.incrementAndGet();
        var all = new HashMap<>(environment);
        all.putAll(variables);
        all.put("HEARTH_DB_URL", environment.get("HEARTH_DB_URL") + "?ApplicationName=" + name);
        var arguments = new ArrayList<>(settings);
        arguments.addAll(List.of(more));
        var worker =
                ServiceProcess.start(
                        new ServiceProcess.Named(name, folder.resolve(name + ".log")),
                        other,
                        all,
                        arguments);
        workers.add(worker);
        return worker;
    }

    /** Of all workers that there ever were. */
    long linesThatSay(String words) {
        return workers.stream()
                .flatMap(worker -> worker.text().lines())
                .filter(line -> line.contains(words))
                .count();
    }

    /** Files that processes were writing which have died since this was asked last. */
    synchronized long filesCutOff() {
        Path scratch = data().resolve("scratch");
        try (var all = Files.list(scratch)) {
            long count = 0;
            for (Path lock : all.filter(file -> file.toString().endsWith(".lock")).toList()) {
                long files = Scratches.cutOff(lock);
                if (files > 0 && seen.add(lock)) {
                    count += files;
                }
            }
            return count;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The database that the first process has brought with it, for the others and for looking. */
    private JdbcClient database() throws IOException {
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
                        () -> client().get("/actuator/health/readiness").get("status").asString(),
                        "UP"::equals);
        looking.setJdbcUrl(url);
        looking.setUsername("hearth");
        looking.setPassword(password);
        looking.setMaximumPoolSize(LOOKERS);
        return JdbcClient.create(looking);
    }

    @Override
    public void close() {
        workers.forEach(ServiceProcess::close);
        looking.close();
        api.terminate();
    }
}
