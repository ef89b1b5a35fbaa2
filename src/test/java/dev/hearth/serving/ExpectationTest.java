package dev.hearth.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.model.Target;
import dev.hearth.problem.Violation;
import dev.hearth.spec.LossSpec.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class ExpectationTest {

    private static final Target NUMBER =
            new Target(List.of("price"), Task.REGRESSION, Target.Kind.NUMBER, List.of());
    private static final Target NUMBERS =
            new Target(List.of("a", "b"), Task.REGRESSION, Target.Kind.NUMBER, List.of());
    private static final Target DIGITS =
            new Target(
                    List.of("digit"), Task.CLASSIFICATION, Target.Kind.INTEGER, List.of("3", "7"));
    private static final Target FLAGS =
            new Target(List.of("a", "b"), Task.MULTI_LABEL, Target.Kind.BOOLEAN, List.of());

    private final List<Violation> violations = new ArrayList<>();

    private Optional<String> difference(Target target, String expect, float... outputs) {
        Expectation expected =
                new ExpectationReader(target, violations)
                        .read(JsonMapper.shared().readTree(expect), "/expect");
        return expected.difference(Predictions.of(target, outputs, 1).getFirst());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"value": 250000}                      | 250001  |
                    {"value": 250000}                      | 250003  | value: expected 250000.0 ± 2.5
                    {"value": 0}                           | 0.00001 |
                    {"value": 0}                           | 0.0001  | value: expected 0.0 ± 1.0E-5
                    {"value": 10, "tolerance": 0.5}        | 10.5    |
                    {"value": 10, "tolerance": 0.5}        | 10.75   | value: expected 10.0 ± 0.5, got 10.75
                    {"value": 10, "tolerance": 0}          | 10      |
                    """)
    void aNumberMayDifferByItsTolerance(String expect, float output, String difference) {
        assertThat(difference(NUMBER, expect, output).orElse(null))
                .satisfiesAnyOf(
                        got -> assertThat(got).isEqualTo(difference),
                        got -> assertThat(got).startsWith(String.valueOf(difference)));
        assertThat(violations).isEmpty();
    }

    @Test
    void whatIsNotNamedMayBeAnything() {
        assertThat(difference(NUMBERS, "{\"values\": {\"a\": 1}}", 1, 99)).isEmpty();
        assertThat(difference(NUMBERS, "{\"values\": {\"b\": 1}}", 1, 99))
                .hasValue("values/b: expected 1.0 ± 1.0E-5, got 99.0");
        assertThat(difference(FLAGS, "{\"labels\": {\"a\": true}}", 0.9f, 0.9f)).isEmpty();
        assertThat(difference(FLAGS, "{\"labels\": {\"b\": false}}", 0.9f, 0.9f))
                .hasValue("labels/b: expected false, got true");
        assertThat(violations).isEmpty();
    }

    @Test
    void labelsAreWhatTheyAreInAnswers() {
        assertThat(difference(DIGITS, "{\"label\": 7}", 0.1f, 0.9f)).isEmpty();
        assertThat(difference(DIGITS, "{\"label\": 3}", 0.1f, 0.9f))
                .hasValue("label: expected 3, got 7");
        assertThat(violations).isEmpty();

        assertThat(difference(DIGITS, "{\"label\": \"7\"}", 0.1f, 0.9f)).isEmpty();
        assertThat(violations)
                .containsExactly(
                        new Violation("/expect/label", "expected one of [3, 7], got \"7\""));
    }

    @Test
    void aShadowOfLabelsIsComparedByThemUnlessItSaysOtherwise() {
        float[] real = {0.1f, 0.9f, 0.8f, 0.2f};
        float[] near = {0.2f, 0.8f, 0.6f, 0.4f};

        assertThat(ShadowComparison.of(DIGITS, real, near, 2, Optional.empty()).same()).isTrue();
        assertThat(ShadowComparison.of(DIGITS, real, near, 2, Optional.of(0.1)).same()).isFalse();
        assertThat(ShadowComparison.of(DIGITS, real, near, 2, Optional.of(0.3)).same()).isTrue();
        assertThat(
                        ShadowComparison.of(
                                        DIGITS,
                                        real,
                                        new float[] {0.1f, 0.9f, 0.2f, 0.8f},
                                        2,
                                        Optional.of(1.0))
                                .same())
                .isFalse();
        assertThat(ShadowComparison.of(NUMBER, new float[] {1}, new float[] {1.5f}, 1, Optional.empty()))
                .isEqualTo(new ShadowComparison(false, 0.5));
    }
}
