package dev.hearth;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * An empty data folder, and a database: in a container where Docker answers, embedded elsewhere.
 */
public final class TestEnvironment
        implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final String IMAGE = "postgres:18-alpine";

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        var dataDir = emptyFolder();
        TestPropertyValues.of(
                        "hearth.data-dir=" + dataDir,
                        "hearth.webhooks.allowed-hosts=127.0.0.1",
                        "hearth.grpc.port=0",
                        "hearth.metrics.triton-names=true",
                        // A model of this name has its queue full as soon as one request waits.
                        "hearth.serving.models.one-at-a-time.max-waiting=1",
                        "hearth.serving.models.one-at-a-time.max-delay=10s",
                        "hearth.database.binaries-dir=target/postgres-programs")
                .applyTo(context);
        // Registered first, so destroyed last: after the database has stopped.
        if (context.getBeanFactory() instanceof DefaultListableBeanFactory beans) {
            beans.registerDisposableBean(
                    "testDataFolder", () -> FileSystemUtils.deleteRecursively(dataDir));
        }
        if (DockerClientFactory.instance().isDockerAvailable()) {
            // Stopped by Testcontainers itself when this JVM ends.
            var container = new PostgreSQLContainer(IMAGE);
            container.start();
            TestPropertyValues.of(
                            "hearth.database.url=" + container.getJdbcUrl(),
                            "hearth.database.user=" + container.getUsername(),
                            "hearth.database.password=" + container.getPassword())
                    .applyTo(context);
        }
    }

    private static Path emptyFolder() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target")), "data-")
                    .toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
