package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.dataset.image.DecoderFuzz;
import dev.hearth.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/**
 * Damaged archives, IDX files and pictures are read or refused, and nothing else. With {@code
 * -Dhearth.fuzz.seconds=600} for as long as that, with {@code -Dhearth.fuzz.seed} from another
 * seed.
 */
class PictureFuzzTest {

    private static final int EXECUTIONS = 4_000;
    private static final ImageSettings LIMITS =
            new ImageSettings(
                    1_000, DataSize.ofMegabytes(1), 1_000_000, 50, DataSize.ofMegabytes(50), 1);

    @TempDir Path folder;

    /** One input, which is read or refused. */
    private interface Target {
        /** Whether it was read. */
        boolean reads(byte[] input) throws IOException;
    }

    @Test
    void anyArchiveIsReadOrRefused() throws IOException {
        byte[] zip =
                new Zips()
                        .add("set/a/1.png", Pngs.grey(3, 4, 5))
                        .add("set/b/2.png", Pngs.colour(3, 4, 0x123456))
                        .add("set/b/3.png", new byte[2_000])
                        .build();
        var skip = Pictures.with(new ImageOptions(null, null, "skip"));
        fuzz("zip", List.of(zip, Zips.ofEmptyEntries(3)), "x.zip", skip);
    }

    @Test
    void anyIdxFileIsReadOrRefused() throws IOException {
        byte[] images = IdxTest.idx(0x08, new int[] {3, 2, 2}, new int[12]);
        byte[] labels = IdxTest.idx(0x0C, new int[] {3}, new int[12]);
        fuzz("idx", List.of(images, labels, Zips.gzip(images)), "idx", DatasetOptions.NONE);
    }

    @Test
    void anyPictureIsDecodedOrRefused() throws IOException {
        fuzz("picture", DecoderFuzz.seeds(), DecoderFuzz::reads);
    }

    private void fuzz(String what, List<byte[]> seeds, String name, DatasetOptions options)
            throws IOException {
        try (var pictures = new Pictures(folder, LIMITS)) {
            fuzz(what, seeds, input -> reads(pictures, Pictures.file(name, input), options));
            assertThat(pictures.leftovers()).isEmpty();
        }
    }

    private static boolean reads(Pictures pictures, SourceFile file, DatasetOptions options)
            throws IOException {
        try (var prepared = pictures.prepare(options, file)) {
            assertThat(prepared.rows()).isPositive();
            return true;
        } catch (ProblemException e) {
            assertThat(e.detail()).isNotBlank();
            return false;
        }
    }

    private static void fuzz(String what, List<byte[]> seeds, Target target) throws IOException {
        var random = new SplittableRandom(Long.getLong("hearth.fuzz.seed", 1));
        int seconds = Integer.getInteger("hearth.fuzz.seconds", 0);
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        int read = 0;
        int executions = 0;
        for (byte[] seed : seeds) {
            read += target.reads(seed.clone()) ? 1 : 0;
        }
        // A target that reads none of its seeds looks at nothing.
        assertThat(read).isPositive();
        while (executions < EXECUTIONS || (seconds > 0 && System.nanoTime() < end)) {
            byte[] input = damaged(seeds.get(random.nextInt(seeds.size())), random);
            try {
                read += target.reads(input) ? 1 : 0;
            } catch (RuntimeException | AssertionError | StackOverflowError | OutOfMemoryError e) {
                Path found = Files.createTempFile(Path.of("target"), "fuzz-" + what + "-", ".bin");
                Files.write(found, input);
                throw new AssertionError("%s, kept in %s".formatted(e, found), e);
            }
            executions++;
        }
        assertThat(read).isLessThan(executions);
    }

    /** Flipped bits, awkward numbers, lost and repeated pieces. */
    private static byte[] damaged(byte[] seed, SplittableRandom random) {
        byte[] bytes = seed.clone();
        for (int change = random.nextInt(1, 4); change > 0 && bytes.length > 4; change--) {
            int at = random.nextInt(bytes.length - 3);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> Arrays.fill(bytes, at, at + 4, (byte) (random.nextBoolean() ? -1 : 0));
                case 3 -> bytes = Arrays.copyOf(bytes, at + 1);
                default -> {
                    int length = Math.min(random.nextInt(1, 64), bytes.length - at);
                    System.arraycopy(
                            bytes, at, bytes, random.nextInt(bytes.length - length + 1), length);
                }
            }
        }
        return bytes;
    }
}
