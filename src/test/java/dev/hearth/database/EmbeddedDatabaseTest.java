package dev.hearth.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class EmbeddedDatabaseTest {

    private static final Path PROGRAMS = Path.of("target/postgres-programs").toAbsolutePath();

    @TempDir Path data;

    @Test
    void whatWasWrittenIsThereAfterARestart() {
        try (var first = start()) {
            sql(first).sql("CREATE TABLE note (words text)").update();
            sql(first).sql("INSERT INTO note VALUES ('still here')").update();
        }

        try (var second = start()) {
            assertThat(sql(second).sql("SELECT words FROM note").query(String.class).single())
                    .isEqualTo("still here");
        }
    }

    @Test
    void itSyncsToDiskAndAsksForAPassword() {
        try (var database = start()) {
            assertThat(sql(database).sql("SHOW fsync").query(String.class).single())
                    .isEqualTo("on");
            var stranger = new DriverManagerDataSource(database.getJdbcUrl(), "hearth", "guess");
            assertThatThrownBy(stranger::getConnection).hasMessageContaining("password");
        }
    }

    @Test
    void aServerThatAKilledHearthLeftRunningIsReplaced() throws Exception {
        var pidFile = data.resolve("postgres/cluster/postmaster.pid");
        var abandoned = start();
        var pid = Files.readAllLines(pidFile).getFirst();
        abandoned.abandon();

        try (var next = start()) {
            assertThat(Files.readAllLines(pidFile).getFirst()).isNotEqualTo(pid);
            assertThat(sql(next).sql("SELECT 1").query(Integer.class).single()).isEqualTo(1);
        }
    }

    @Test
    void aPidFileThatNamesAnotherProgramIsCleared() throws Exception {
        start().close();
        var pidFile = data.resolve("postgres/cluster/postmaster.pid");
        Files.write(pidFile, List.of(Long.toString(ProcessHandle.current().pid()), "x"));

        try (var next = start()) {
            assertThat(sql(next).sql("SELECT 1").query(Integer.class).single()).isEqualTo(1);
        }
    }

    @Test
    void aSecondHearthIsToldThatTheFolderIsInUse() {
        try (var _ = start()) {
            assertThatThrownBy(this::start)
                    .isInstanceOfSatisfying(
                            UnusableDataFolderException.class,
                            e -> assertThat(e.remedy()).contains("HEARTH_DATA_DIR"))
                    .hasMessageContaining("Another Hearth is using the data folder");
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws Exception {
        Files.writeString(data.resolve("postgres"), "a file, not a folder");

        assertThatThrownBy(this::start)
                .isInstanceOf(UnusableDataFolderException.class)
                .hasMessageContaining(data.toString());
    }

    private EmbeddedDatabase start() {
        return EmbeddedDatabase.start(data.resolve("postgres"), PROGRAMS);
    }

    private static JdbcClient sql(EmbeddedDatabase database) {
        return JdbcClient.create(
                new DriverManagerDataSource(
                        database.getJdbcUrl(), database.getUsername(), database.getPassword()));
    }
}
