package dev.hearth.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.run.Workload.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** When runs are expected to begin and to end. */
class WorkloadTest {

    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");
    private static final RunId A = id(1);
    private static final RunId B = id(2);
    private static final RunId C = id(3);
    private static final RunId D = id(4);

    private static RunId id(long number) {
        return new RunId(new UUID(0, number));
    }

    private static Work minutes(RunId run, long minutes) {
        return new Work(run, Optional.of(Duration.ofMinutes(minutes)));
    }

    private static Work unknown(RunId run) {
        return new Work(run, Optional.empty());
    }

    private static Optional<Instant> at(long minutes) {
        return Optional.of(NOON.plus(Duration.ofMinutes(minutes)));
    }

    @Test
    void whatIsLeftIsTheEpochsToComeAtTheTimeOfAnEpoch() {
        assertThat(Work.of(A, 50, 0.2, Optional.of(1.5)).left()).contains(Duration.ofSeconds(60));
        assertThat(Work.of(A, 50, 0.2, Optional.empty()).left()).isEmpty();
    }

    @Test
    void whoeverIsDoneFirstTakesTheNextInLine() {
        var outlooks =
                new Workload(
                                List.of(minutes(A, 10), minutes(B, 3)),
                                List.of(minutes(C, 4), minutes(D, 1)))
                        .outlooks(NOON);

        assertThat(outlooks.get(A))
                .isEqualTo(new RunOutlook(OptionalLong.empty(), Optional.empty(), at(10)));
        assertThat(outlooks.get(C)).isEqualTo(new RunOutlook(OptionalLong.of(0), at(3), at(7)));
        assertThat(outlooks.get(D)).isEqualTo(new RunOutlook(OptionalLong.of(1), at(7), at(8)));
    }

    @Test
    void nobodyCanTellTheStartBehindARunOfUnknownLength() {
        var outlooks =
                new Workload(List.of(minutes(A, 10)), List.of(unknown(B), minutes(C, 4)))
                        .outlooks(NOON);

        assertThat(outlooks.get(B))
                .isEqualTo(new RunOutlook(OptionalLong.of(0), at(10), Optional.empty()));
        assertThat(outlooks.get(C))
                .isEqualTo(new RunOutlook(OptionalLong.of(1), Optional.empty(), Optional.empty()));
    }

    @Test
    void whereNothingRunsOnlyTheOrderIsKnown() {
        var outlooks = new Workload(List.of(), List.of(minutes(A, 1))).outlooks(NOON);

        assertThat(outlooks.get(A))
                .isEqualTo(new RunOutlook(OptionalLong.of(0), Optional.empty(), Optional.empty()));
    }
}
