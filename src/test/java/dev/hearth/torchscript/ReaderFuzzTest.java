package dev.hearth.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.torchscript.ReaderFuzz.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damaged files, by the thousand, are read or refused and nothing else. With {@code
 * -Dhearth.fuzz.seconds=600} for as long as that, with {@code -Dhearth.fuzz.seed} from another
 * seed; {@code bench/fuzz.sh} runs Jazzer on the same targets.
 */
class ReaderFuzzTest {

    private static final int EXECUTIONS = 20_000;

    @ParameterizedTest
    @EnumSource
    void anyBytesAreReadOrRefused(ReaderFuzz target) throws IOException {
        long seed = Long.getLong("hearth.fuzz.seed", 1);
        int seconds = Integer.getInteger("hearth.fuzz.seconds", 0);
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        var mutator = new Mutator(seed, target.seeds().toList());
        var outcomes = new EnumMap<Outcome, Long>(Outcome.class);
        long executions = 0;
        while (executions < EXECUTIONS || (seconds > 0 && System.nanoTime() < end)) {
            byte[] input = mutator.next();
            outcomes.merge(checked(target, input), 1L, Long::sum);
            executions++;
        }

        System.out.printf("%s: %,d executions, %s%n", target, executions, outcomes);
        // A fuzzer whose inputs are all refused, or none, looks at nothing.
        assertThat(outcomes).containsKey(Outcome.REFUSED);
        assertThat(target.seeds().map(target::check)).contains(Outcome.READ);
    }

    /** Keeps what was found, to be looked at and to become a regression test. */
    private static Outcome checked(ReaderFuzz target, byte[] input) throws IOException {
        try {
            return target.check(input);
        } catch (RuntimeException | AssertionError | StackOverflowError | OutOfMemoryError e) {
            Path found = Files.createTempFile(Path.of("target"), "fuzz-" + target + "-", ".bin");
            Files.write(found, input);
            throw new AssertionError(
                    "%s, kept in %s: %s"
                            .formatted(
                                    e,
                                    found,
                                    HexFormat.of()
                                            .formatHex(input, 0, Math.min(200, input.length))),
                    e);
        }
    }
}
