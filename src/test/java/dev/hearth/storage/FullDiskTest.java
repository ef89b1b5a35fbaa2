package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.hearth.HearthTest;
import dev.hearth.http.Owner;
import dev.hearth.problem.Passing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** A disk of a megabyte, in memory; only who may mount one can try. */
@HearthTest
class FullDiskTest {

    @TempDir Path folder;

    @Autowired JdbcClient sql;
    @Autowired PlatformTransactionManager transactions;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=1m", "hearth-test", disk.toString()))
                .as("exit code of mount")
                .isZero();
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", disk.toString());
    }

    private static int run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return 127; // there is no such program
        }
    }

    @Test
    void bytesThatDoNotFitLeaveNothingBehindAndRoomForThoseThatDo() throws IOException {
        var owners = new BlobOwners(sql, Instant::now, transactions);
        var place = new FolderPlace(disk.resolve("blobs"), Instant::now);
        try (var scratch = Scratch.in(disk.resolve("scratch"))) {
            var store =
                    new OwnedBlobs(
                            place,
                            scratch,
                            owners,
                            new Reservations(
                                    new Reservations.Most(OptionalLong.empty(), QuotaSettings.NONE),
                                    owners,
                                    sql,
                                    Instant::now,
                                    transactions));
            var owner = "test:" + UUID.randomUUID();

            assertThatThrownBy(() -> store.put(out -> out.write(new byte[4 << 20])))
                    .isInstanceOf(IOException.class)
                    .matches(Passing::explains, "is known to pass");

            try (var files = Files.walk(disk)) {
                assertThat(files.filter(Files::isRegularFile))
                        .allMatch(file -> file.toString().endsWith(".lock"));
            }
            var small = store.put(out -> out.write(new byte[512 << 10]));
            store.own(owner, Owner.DEFAULT, small.hash());
            assertThat(store.file(small.hash())).hasSize(512 << 10);
            store.release(owner);
            assertThat(store.put(out -> out.write(new byte[700 << 10])).sizeBytes())
                    .isEqualTo(700 << 10);
        }
    }
}
