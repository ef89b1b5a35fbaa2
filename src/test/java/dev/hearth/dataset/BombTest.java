package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.problem.ProblemCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bomb costs less than 2 seconds and 100 MB. Each is sent to a process that has no more: 80 MB of
 * heap and 16 MB beside it, and would fail where it needed more.
 */
class BombTest {

    private static final int HEAP_MEGABYTES = 80;
    private static final int DIRECT_MEGABYTES = 16;

    @TempDir Path folder;
    private Path scratch;

    @BeforeEach
    void makeScratch() throws IOException {
        scratch = Files.createDirectory(folder.resolve("scratch"));
    }

    @Test
    void anArchiveOfOneEntryThatUnpacksToTenGigabytes() throws Exception {
        refused(Bombs.zipOfOneEntry(folder.resolve("one.zip")), ProblemCode.BODY_TOO_LARGE);
    }

    @Test
    void anArchiveOfManyEntriesThatAreEachAllowed() throws Exception {
        refused(Bombs.zipOfManyEntries(folder.resolve("many.zip")), ProblemCode.BODY_TOO_LARGE);
    }

    @Test
    void aTableThatInflatesToTenGigabytes() throws Exception {
        refused(Bombs.gzip(folder.resolve("table.csv.gz")), ProblemCode.BODY_TOO_LARGE);
    }

    @Test
    void aPictureOfFourHundredMillionPixels() throws Exception {
        Path zip = Bombs.zipOfOneLargePicture(folder.resolve("large.zip"), 20_000, 20_000);
        refused(zip, ProblemCode.INVALID_DATASET);
    }

    private void refused(Path bomb, ProblemCode code) throws IOException, InterruptedException {
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx" + HEAP_MEGABYTES + "m",
                                "-XX:MaxDirectMemorySize=" + DIRECT_MEGABYTES + "m",
                                "-Djava.awt.headless=true",
                                "-cp",
                                classPath(),
                                BombProcess.class.getName(),
                                bomb.toString(),
                                scratch.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        String[] told = said.strip().lines().toList().getLast().split(";");
        System.out.printf(
                "%s of %,d bytes: %s after %s s (%s s of processors with the JVM's start), heap at"
                        + " most %d MB, %s bytes beside it; resident %s kB%n",
                bomb.getFileName(),
                Files.size(bomb),
                told[0],
                told[2],
                told[3],
                HEAP_MEGABYTES,
                told[4],
                told[5]);
        assertThat(told[0]).isEqualTo(code.name());
        assertThat(told[1]).as("files left in the scratch folder").isEqualTo("0");
        // Of processors, as others may use this machine.
        assertThat(Double.parseDouble(told[3])).as(said).isLessThan(2);
    }

    /** The build tool's own leads here through a file that it deletes. */
    private static String classPath() {
        return System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
