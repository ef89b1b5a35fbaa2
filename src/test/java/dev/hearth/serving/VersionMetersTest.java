package dev.hearth.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.model.ModelName;
import dev.hearth.model.Models;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VersionMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final VersionMeters meters =
            new VersionMeters(
                    registry, "hearth.serving", new Models.Place(new ModelName("iris"), 3));

    @Test
    void requestsAreCountedByTheirOutcome() {
        assertThat(meters.request(() -> "answer")).isEqualTo("answer");
        assertThatThrownBy(() ->
                        meters.request(() -> {
                            throw new ProblemException(ProblemCode.INVALID_INPUT, "no");
                        }))
                .isInstanceOf(ProblemException.class);
        meters.refused(ProblemCode.OVERLOADED);

        for (String outcome : List.of("success", "invalid_input", "overloaded")) {
            assertThat(
                            registry.get("hearth.serving.request.duration")
                                    .tags("model", "iris", "version", "3", "outcome", outcome)
                                    .timer()
                                    .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void aBatchsTimeCountsOnceAsABatchAndForEachOfItsRequests() {
        meters.computed(List.of(100L, 200L, 300L), 12, new Lane.Took(10, 1_000, 20));

        assertThat(meters.compute().count()).isEqualTo(1);
        assertThat(meters.compute().totalTime(TimeUnit.NANOSECONDS)).isEqualTo(1_030);
        assertThat(meters.queue().totalTime(TimeUnit.NANOSECONDS)).isEqualTo(600);
        assertThat(meters.rows()).isEqualTo(12);
        assertThat(meters.shares()).isEqualTo(new VersionMeters.Shares(30, 3_000, 60));
    }

    @Test
    void aDeletedVersionLeavesNothingBehindEvenIfItIsStillAsked() {
        meters.request(() -> "answer");
        assertThat(registry.getMeters()).isNotEmpty();

        meters.close();
        meters.request(() -> "answer");
        meters.refused(ProblemCode.OVERLOADED);

        assertThat(registry.getMeters()).isEmpty();
    }
}
