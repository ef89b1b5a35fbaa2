package dev.hearth.kill;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** One process of the service. */
final class ServiceProcess implements AutoCloseable {

    private final Process process;
    private final Named named;
    private final int port;

    private ServiceProcess(Process process, Named named, int port) {
        this.process = process;
        this.named = named;
        this.port = port;
    }

    /** What it is called, and the file that it logs to. */
    record Named(String name, Path log) {}

    /**
     * What is started.
     *
     * @param options of the JVM, and what it runs
     */
    record Program(List<String> options) {

        /** The service as it is shipped. */
        static Program ofJar() {
            return new Program(
                    List.of("-jar", System.getProperty("hearth.kill.jar", "target/hearth.jar")));
        }

        /** A class of this JVM's own class path. */
        static Program of(Class<?> main) {
            return new Program(
                    List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        }
    }

    /**
     * @param environment beside the port
     * @param settings as command-line arguments
     */
    static ServiceProcess start(
            Named named, Program program, Map<String, String> environment, List<String> settings) {
        try {
            int port = freePort();
            var command =
                    new ArrayList<>(
                            List.of(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx512m",
                                    "-XX:+UseSerialGC",
                                    // Starting costs a third of the time so, and training none.
                                    "-XX:TieredStopAtLevel=1",
                                    "--enable-native-access=ALL-UNNAMED",
                                    "--sun-misc-unsafe-memory-access=allow"));
            command.addAll(program.options());
            command.addAll(settings);
            var builder = new ProcessBuilder(command);
            builder.environment().putAll(environment);
            builder.environment().put("HEARTH_PORT", String.valueOf(port));
            builder.environment().put("HEARTH_GRPC_PORT", "");
            builder.redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(new File(named.log().toString())));
            return new ServiceProcess(builder.start(), named, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    String name() {
        return named.name();
    }

    boolean isAlive() {
        return process.isAlive();
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
            return Files.readString(named.log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    /** Waits until it has gone by itself; answers its exit status. */
    int await() {
        try {
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                throw new IllegalStateException("does not end: " + text());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
