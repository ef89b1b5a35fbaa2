package dev.hearth.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.VocabularyCase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/** A run can be continued from what a program and a schedule have saved. */
class ProgramStateTest {

    private static final Set<String> FAMILIES = Set.of("optimizers", "optimization", "schedules");

    @TempDir Path folder;

    static Stream<VocabularyCase> cases() {
        return VocabularyCase.all()
                .filter(which -> FAMILIES.contains(which.family()))
                .map(ProgramStateTest::unshuffled);
    }

    /** So that the generator, which is no part of this state, has no say. */
    private static VocabularyCase unshuffled(VocabularyCase which) {
        var specification = (ObjectNode) which.specification().deepCopy();
        specification.put("shuffle", false);
        return new VocabularyCase(which.name(), which.word(), specification, which.reference());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void anotherProgramGoesOnWithTheSameSteps(VocabularyCase which) throws IOException {
        var programs = new VocabularyPrograms(which, which.expected());

        var whole = programs.train(12, folder);
        var parts = programs.train(12, folder, true);

        assertThat(parts.losses()).isEqualTo(whole.losses());
        assertThat(parts.state()).isEqualTo(whole.state());
        assertThat(parts.optimizer().state()).isEqualTo(whole.optimizer().state());
        assertThat(parts.optimizer().rates()).isEqualTo(whole.optimizer().rates());
    }
}
