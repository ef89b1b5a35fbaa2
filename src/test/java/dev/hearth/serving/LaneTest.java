package dev.hearth.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.serving.Question.Patience;
import java.time.Duration;
import java.util.ArrayList;
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
        assertThat(lane.isComputedByWhoAsks(ticket(1), true)).isFalse();

        computeBatch(QUICK);

        assertThat(lane.isComputedByWhoAsks(ticket(1), false)).isTrue();
        assertThat(lane.isComputedByWhoAsks(ticket(1_000), true)).isFalse();
    }

    @Test
    void aBatchThatWasInterruptedChangesNothing() {
        computeBatch(QUICK);

        computeBatch(SLOW);

        assertThat(lane.isComputedByWhoAsks(ticket(1), false)).isTrue();
    }

    @Test
    void aModelThatBecomesSlowIsNotQuickAnyMore() {
        computeBatch(QUICK);

        for (int i = 0; i < 100; i++) {
            computeBatch(SLOW);
        }

        assertThat(lane.isComputedByWhoAsks(ticket(1), false)).isFalse();
    }

    @Test
    void ofAQuickModelOneBatchIsComputedAtATimeAndOfASlowOneAsManyAsMay() {
        computeBatch(SLOW);
        lane.begin();
        assertThat(lane.hasFreeInstance()).isTrue();
        lane.done(1, SLOW);

        for (int i = 0; i < 200; i++) {
            computeBatch(QUICK);
        }
        lane.begin();

        assertThat(lane.hasFreeInstance()).isFalse();
    }

    @Test
    void whoAsksAloneComputesWhatIsLessQuick() {
        computeBatch(TimeUnit.MILLISECONDS.toNanos(1));

        assertThat(lane.isComputedByWhoAsks(ticket(1), true)).isTrue();
        assertThat(lane.isComputedByWhoAsks(ticket(1), false)).isFalse();
    }

    @Test
    void ofASlowModelFewerRowsAreComputedTogether() {
        for (int i = 0; i < 5; i++) {
            lane.add(ticket(1));
        }
        lane.begin();
        lane.done(10, TimeUnit.MILLISECONDS.toNanos(400));

        var batch = new ArrayList<Ticket<Integer, Integer>>();
        lane.fill(batch);

        assertThat(batch).hasSize(2);
        assertThat(lane.waiting()).isEqualTo(3);
    }

    @Test
    void oneRequestIsComputedHoweverSlow() {
        lane.add(ticket(1));
        lane.begin();
        lane.done(1, TimeUnit.SECONDS.toNanos(5));

        var batch = new ArrayList<Ticket<Integer, Integer>>();
        lane.fill(batch);

        assertThat(batch).hasSize(1);
    }

    private void computeBatch(long nanos) {
        lane.begin();
        lane.done(1, nanos);
    }

    private static Ticket<Integer, Integer> ticket(int rows) {
        var patience = new Patience(Duration.ofMinutes(1), 0, () -> false);
        return new Ticket<>(new Question<>(1, rows, patience), 0, 0);
    }
}
