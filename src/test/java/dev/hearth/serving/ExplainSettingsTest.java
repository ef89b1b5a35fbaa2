package dev.hearth.serving;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.problem.ProblemException;
import org.junit.jupiter.api.Test;

/** What an explanation may cost. */
class ExplainSettingsTest {

    private final ExplainSettings settings = new ExplainSettings(100, 1_000);

    @Test
    void workUpToTheLimitIsDone() {
        assertThatCode(() -> settings.requireLittleWork(2, 5, 100, "fewer steps"))
                .doesNotThrowAnyException();
    }

    @Test
    void workBeyondTheLimitIsRefusedAndSaysWhatToAskFor() {
        assertThatThrownBy(() -> settings.requireLittleWork(2, 6, 100, "fewer steps"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("2 rows, computed 6 times")
                .hasMessageContaining("fewer steps");
    }

    @Test
    void noProductOverflows() {
        assertThatThrownBy(() ->
                        settings.requireLittleWork(
                                100, Long.MAX_VALUE, Long.MAX_VALUE, "fewer steps"))
                .isInstanceOf(ProblemException.class);
    }
}
