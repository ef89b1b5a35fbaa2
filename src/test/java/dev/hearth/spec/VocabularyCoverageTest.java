package dev.hearth.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.VocabularyCase;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** No word of the language is without a case that compares it with PyTorch. */
class VocabularyCoverageTest {

    private static void assertCovered(String family, Collection<String> words) {
        Set<String> covered =
                VocabularyCase.all()
                        .filter(which -> which.family().equals(family))
                        .map(VocabularyCase::word)
                        .collect(Collectors.toSet());

        assertThat(words).isNotEmpty().allSatisfy(word -> assertThat(covered).contains(word));
        assertThat(covered).as("no case of a word that is none").isSubsetOf(words);
    }

    @Test
    void everyLayerHasACase() {
        assertCovered("layers", LayerReader.vocabulary().keySet());
    }

    @Test
    void everyOperationHasACase() {
        assertCovered("operations", OpReader.vocabulary().keySet());
    }

    @Test
    void everyInitializerHasACase() {
        assertCovered("initializers", InitializationReader.vocabulary().keySet());
    }

    @Test
    void everyLossHasACase() {
        assertCovered("losses", LossReader.names());
    }

    @Test
    void everyOptimizerHasACase() {
        assertCovered("optimizers", OptimizerReader.vocabulary().keySet());
    }

    @Test
    void everySchedulerHasACase() {
        assertCovered("schedules", SchedulerReader.names());
    }

    @Test
    void everythingBetweenAGradientAndAStepHasACase() {
        assertCovered(
                "optimization",
                List.of(
                        "groups",
                        "freeze",
                        "accumulate",
                        "clip_grad_norm",
                        "clip_grad_value",
                        "ema"));
    }

    @Test
    void everyCaseHasAReference() {
        assertThat(VocabularyCase.all())
                .isNotEmpty()
                .allSatisfy(which -> assertThat(Files.exists(which.reference())).isTrue());
    }
}
