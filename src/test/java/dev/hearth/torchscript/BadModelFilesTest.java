package dev.hearth.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hearth.problem.ProblemException;
import dev.hearth.tensorfile.MappedBytes;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A file that is not as it should be is refused, with its place and the reason. */
class BadModelFilesTest {

    static Stream<BadModelFiles.Case> cases() {
        return BadModelFiles.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isRefused(BadModelFiles.Case bad) {
        byte[] bytes = bad.bytes().get();

        var problem =
                catchThrowableOfType(
                        ProblemException.class, () -> TensorFile.of(MappedBytes.of(bytes)).close());

        assertThat(problem).isNotNull();
        assertThat(problem.detail()).contains(bad.words());
        assertThat(problem.code()).isEqualTo(bad.code());
    }
}
