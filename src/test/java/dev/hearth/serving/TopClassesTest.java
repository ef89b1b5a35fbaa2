package dev.hearth.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.model.Target;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.LossSpec.Task;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The most probable classes of a prediction. */
class TopClassesTest {

    private static final Target FOUR =
            new Target(
                    List.of("y"),
                    Task.CLASSIFICATION,
                    Target.Kind.CATEGORY,
                    List.of("a", "b", "c", "d"));

    private static final List<Prediction> PREDICTIONS =
            Predictions.of(
                    FOUR, new float[] {0.125f, 0.5f, 0.25f, 0.125f, 0.25f, 0.25f, 0, 0.5f}, 2);

    @Test
    void theMostProbableComeFirstAndEqualOnesInTheModelsOrder() {
        var top = TopClasses.of(3, FOUR).of(PREDICTIONS);

        assertThat(top.get(0).label()).isEqualTo("b");
        assertThat(probabilities(top.get(0)).keySet()).containsExactly("b", "c", "a");
        assertThat(probabilities(top.get(0)).values()).containsExactly(0.5, 0.25, 0.125);
        assertThat(probabilities(top.get(1)).keySet()).containsExactly("d", "a", "b");
    }

    @Test
    void whoAsksForMoreThanThereAreGetsAll() {
        assertThat(probabilities(TopClasses.of(9, FOUR).of(PREDICTIONS).get(0)).keySet())
                .containsExactly("b", "c", "a", "d");
        assertThat(TopClasses.of(null, FOUR).of(PREDICTIONS)).isEqualTo(PREDICTIONS);
    }

    @Test
    void asCsvEachRowHasAnOrderOfItsOwn() {
        assertThat(PredictionCsv.ranked(TopClasses.of(2, FOUR).of(PREDICTIONS)))
                .isEqualTo(
                        """
                        label 1,probability 1,label 2,probability 2
                        b,0.5,c,0.25
                        d,0.5,a,0.25
                        """);
    }

    @Test
    void fewerThanOneAreNoClasses() {
        assertThatThrownBy(() -> TopClasses.of(0, FOUR))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.violations().getFirst().pointer()).isEqualTo("top_k"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Task.class,
            names = {"REGRESSION", "DISTRIBUTION", "MULTI_LABEL", "SIMILARITY"})
    void aModelThatTellsNoClassesOfOneColumnHasNoMostProbableOnes(Task task) {
        var target = new Target(List.of("y"), task, Target.Kind.NUMBER, List.of());

        assertThatThrownBy(() -> TopClasses.of(1, target))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("no probabilities of classes");
    }

    private static Map<String, Double> probabilities(Prediction prediction) {
        return Objects.requireNonNull(prediction.probabilities());
    }
}
