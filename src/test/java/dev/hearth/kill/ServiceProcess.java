package dev.hearth.kill;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** One process of the service, from its jar. */
final class ServiceProcess implements AutoCloseable {

    private static final Pattern RUN = Pattern.compile("\\[run=([0-9a-f-]{36})\\]");

    private final Process process;
    private final Path log;
    private final int port;

    private ServiceProcess(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /**
     * @param environment beside the port
     * @param settings as command-line arguments
     */
    static ServiceProcess start(
            Path jar, Path log, Map<String, String> environment, List<String> settings) {
        try {
            int port = freePort();
            var command =
                    new java.util.ArrayList<>(
                            List.of(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx512m",
                                    "-XX:+UseSerialGC",
                                    "--enable-native-access=ALL-UNNAMED",
                                    "--sun-misc-unsafe-memory-access=allow",
                                    "-jar",
                                    jar.toString()));
            command.addAll(settings);
            var builder = new ProcessBuilder(command);
            builder.environment().putAll(environment);
            builder.environment().put("HEARTH_PORT", String.valueOf(port));
            builder.environment().put("HEARTH_GRPC_PORT", "");
            builder.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(log.toString())));
            return new ServiceProcess(builder.start(), log, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** The first line of its log that {@code pattern} is in. */
    String awaitLine(Pattern pattern) {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .until(
                        () -> {
                            if (!process.isAlive()) {
                                throw new IllegalStateException("died: " + text());
                            }
                            return text().lines().filter(pattern.asPredicate()).findFirst();
                        },
                        Optional::isPresent)
                .orElseThrow();
    }

    String text() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The run that it spoke of last. */
    Optional<String> lastRun() {
        return RUN.matcher(text()).results().reduce((_, last) -> last).map(match -> match.group(1));
    }

    /** {@code kill -9}. */
    void kill() {
        process.destroyForcibly();
        await();
    }

    /** {@code kill}; answers after how long the process has gone. */
    Duration terminate() {
        long begin = System.nanoTime();
        process.destroy();
        await();
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void await() {
        try {
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                throw new IllegalStateException("does not end: " + text());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
