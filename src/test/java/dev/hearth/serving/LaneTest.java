package dev.hearth.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.serving.Question.Patience;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LaneTest {

    private static final long QUICK = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long SLOW = TimeUnit.MILLISECONDS.toNanos(5);

    private final Lane<Integer, Integer> lane =
            new Lane<>(
                    new BatchLimits(8, Duration.ZERO, 3, 10),
                    (questions, _) -> questions,
                    BatchSchedulerTest.NOBODY);

    @Test
    void aModelIsNotTakenToBeQuickBeforeItHasBeenSeenToBe() {
        assertThat(lane.isQuick(1)).isFalse();

        computeBatch(QUICK);

        assertThat(lane.isQuick(1)).isTrue();
        assertThat(lane.isQuick(1_000)).isFalse();
    }

    @Test
    void aBatchThatWasInterruptedChangesNothing() {
        computeBatch(QUICK);

        computeBatch(SLOW);

        assertThat(lane.isQuick(1)).isTrue();
    }

    @Test
    void aModelThatBecomesSlowIsNotQuickAnyMore() {
        computeBatch(QUICK);

        for (int i = 0; i < 100; i++) {
            computeBatch(SLOW);
        }

        assertThat(lane.isQuick(1)).isFalse();
    }

    @Test
    void ofAQuickModelOneBatchIsComputedAtATimeAndOfASlowOneAsManyAsMay() {
        computeBatch(SLOW);
        begin();
        assertThat(lane.hasFreeInstance()).isTrue();
        lane.done(1, SLOW);

        for (int i = 0; i < 200; i++) {
            computeBatch(QUICK);
        }
        begin();

        assertThat(lane.hasFreeInstance()).isFalse();
    }

    private void computeBatch(long nanos) {
        begin();
        lane.done(1, nanos);
    }

    private void begin() {
        var patience = new Patience(Duration.ofMinutes(1), 0, () -> false);
        lane.add(new Ticket<>(new Question<>(1, 1, patience), 0, 0));
        assertThat(lane.take()).hasSize(1);
    }
}
