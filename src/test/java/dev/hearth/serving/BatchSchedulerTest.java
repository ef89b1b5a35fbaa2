package dev.hearth.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hearth.problem.ClientGoneException;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.serving.Question.Patience;
import dev.hearth.torchscript.Laps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchSchedulerTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    static final Lane.Watch NOBODY =
            new Lane.Watch() {
                @Override
                public void waiting(int more) {}

                @Override
                public void computed(List<Long> waitedNanos, int rows, Lane.Took took) {}
            };

    private final BatchScheduler scheduler = new BatchScheduler(1, 20_000);
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch finish = new CountDownLatch(1);
    private final List<List<Integer>> batches = new CopyOnWriteArrayList<>();
    private final Lane<Integer, Integer> blocker =
            new Lane<>(limits(1, Duration.ZERO), this::block, NOBODY);
    private volatile @Nullable Thread computedBy;
    private final CountDownLatch blocking = new CountDownLatch(1);

    @AfterEach
    void letEverybodyGo() {
        finish.countDown();
        scheduler.close();
        callers.close();
    }

    @Test
    void whatWaitsForOneModelIsComputedTogetherAndEachGetsItsOwnAnswer() {
        var lane = lane(limits(8, Duration.ZERO));
        occupy();
        var answers = new ArrayList<CompletableFuture<Integer>>();
        for (int i = 0; i < 5; i++) {
            answers.add(inBackground(lane, i, 0));
            int sent = i + 1;
            await().until(() -> scheduler.waiting() == sent);
        }

        finish.countDown();

        assertThat(answers.stream().map(CompletableFuture::join)).containsExactly(0, 2, 4, 6, 8);
        assertThat(batches).containsExactly(List.of(0, 1, 2, 3, 4));
    }

    @Test
    void aBatchHasNoMoreRowsThanItMay() {
        var lane = lane(limits(2, Duration.ZERO));
        occupy();
        for (int i = 0; i < 5; i++) {
            var _ = inBackground(lane, i, 0);
            int sent = i + 1;
            await().until(() -> scheduler.waiting() == sent);
        }

        finish.countDown();

        await().until(() -> batches.size() == 3);
        assertThat(batches).containsExactly(List.of(0, 1), List.of(2, 3), List.of(4));
    }

    @Test
    void theMostUrgentGoesFirst() {
        var lane = lane(limits(1, Duration.ZERO));
        occupy();
        var _ = inBackground(lane, 1, 0);
        await().until(() -> scheduler.waiting() == 1);
        var _ = inBackground(lane, 2, 5);
        await().until(() -> scheduler.waiting() == 2);

        finish.countDown();

        await().until(() -> batches.size() == 2);
        assertThat(batches).containsExactly(List.of(2), List.of(1));
    }

    @Test
    void modelsThatAreNotComputedByWhoAsksTakeTurns() {
        var one = lane(limits(1, Duration.ofNanos(1)));
        var other = lane(limits(1, Duration.ofNanos(1)));
        occupy();
        for (int i = 0; i < 3; i++) {
            var _ = inBackground(one, i, 0);
            int sent = i + 1;
            await().until(() -> scheduler.waiting() == sent);
        }
        var _ = inBackground(other, 10, 0);
        await().until(() -> scheduler.waiting() == 4);

        finish.countDown();

        await().until(() -> batches.size() == 4);
        assertThat(batches.get(1)).containsExactly(10);
    }

    @Test
    void aBatchThatIsNotFullWaitsForOthersUntilItIs() {
        var lane = lane(limits(2, Duration.ofSeconds(10)));
        var first = inBackground(lane, 1, 0);
        await().until(() -> scheduler.waiting() == 1);

        var second = inBackground(lane, 2, 0);

        assertThat(first.join() + second.join()).isEqualTo(6);
        assertThat(batches).hasSize(1);
    }

    @Test
    void aModelWithOneInstanceComputesOneBatchAtATime() {
        try (var two = new BatchScheduler(2, 10)) {
            var limits = new BatchLimits(1, Duration.ZERO, 1, 10);
            var now = new AtomicInteger();
            var most = new AtomicInteger();
            var lane =
                    new Lane<Integer, Integer>(
                            limits,
                            (questions, _) -> {
                                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                                now.decrementAndGet();
                                return questions;
                            },
                            NOBODY);

            var answers = new ArrayList<CompletableFuture<Integer>>();
            for (int i = 0; i < 10; i++) {
                var question = question(i, 0, LONG, () -> false);
                answers.add(CompletableFuture.supplyAsync(() -> two.ask(lane, question), callers));
            }
            answers.forEach(CompletableFuture::join);

            assertThat(most).hasValue(1);
        }
    }

    @Test
    void aQuickQuestionThatComesAloneIsComputedByTheThreadThatAsks() {
        var lane = lane(limits(8, Duration.ZERO));

        for (int i = 0; i < 1_000 && computedBy != Thread.currentThread(); i++) {
            assertThat(scheduler.ask(lane, question(i, 0, LONG, () -> false))).isEqualTo(2 * i);
        }

        assertThat(computedBy).isEqualTo(Thread.currentThread());
        assertThatThrownBy(() -> scheduler.ask(lane, question(-1, 0, LONG, () -> false)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(scheduler.ask(lane, question(1, 0, LONG, () -> false))).isEqualTo(2);
    }

    @Test
    void whatWaitsForAQuickModelIsComputedByOneOfThoseWhoAsk() {
        var askers = ConcurrentHashMap.<Thread>newKeySet();
        var others = new AtomicInteger();
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        var lane =
                new Lane<Integer, Integer>(
                        new BatchLimits(8, Duration.ZERO, 1, 20_000),
                        (questions, _) -> {
                            most.accumulateAndGet(now.incrementAndGet(), Math::max);
                            others.addAndGet(askers.contains(Thread.currentThread()) ? 0 : 1);
                            now.decrementAndGet();
                            return questions.stream().map(question -> 2 * question).toList();
                        },
                        NOBODY);
        for (int i = 0; i < 1_000; i++) {
            scheduler.ask(lane, question(i, 0, LONG, () -> false)); // until it is known to be quick
        }
        others.set(0);

        var answers = new ArrayList<CompletableFuture<Integer>>();
        for (int i = 0; i < 10_000; i++) {
            int asked = i;
            answers.add(
                    CompletableFuture.supplyAsync(
                            () -> {
                                askers.add(Thread.currentThread());
                                return scheduler.ask(lane, question(asked, 0, LONG, () -> false));
                            },
                            callers));
        }

        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).join()).isEqualTo(2 * i);
        }
        assertThat(most).hasValue(1);
        assertThat(others.get()).isLessThan(1_000);
        assertThat(scheduler.waiting()).isZero();
    }

    @Test
    void whoseDeadlineIsLongIsDroppedWhenItHasPassed() {
        var lane = lane(limits(8, Duration.ZERO));
        occupy();
        var question = question(1, 0, Duration.ofSeconds(1), () -> false);
        var late = CompletableFuture.supplyAsync(() -> scheduler.ask(lane, question), callers);

        await().untilAsserted(() -> {
            scheduler.dropUnwanted();
            assertThat(late).isCompletedExceptionally();
        });

        assertThatThrownBy(late::join)
                .cause()
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo(ProblemCode.DEADLINE_EXCEEDED));
        assertThat(scheduler.waiting()).isZero();
        assertThat(batches).isEmpty();
    }

    @Test
    void whoIsInterruptedWhileItWaitsIsNotComputed() throws InterruptedException {
        var lane = lane(limits(8, Duration.ZERO));
        occupy();
        var told = new AtomicReference<@Nullable Throwable>();
        var asker =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                scheduler.ask(lane, question(1, 0, LONG, () -> false));
                            } catch (ProblemException e) {
                                told.set(e);
                            }
                        });
        await().until(() -> scheduler.waiting() == 1);

        asker.interrupt();
        asker.join();

        assertThat(told.get()).hasMessageContaining("stopping");
        assertThat(scheduler.waiting()).isZero();
    }

    @Test
    void oneRequestsFaultIsNotAnothers() {
        var lane = lane(limits(8, Duration.ZERO));
        occupy();
        var good = inBackground(lane, 1, 0);
        await().until(() -> scheduler.waiting() == 1);
        var bad = inBackground(lane, -1, 0);
        await().until(() -> scheduler.waiting() == 2);

        finish.countDown();

        assertThat(good.join()).isEqualTo(2);
        assertThatThrownBy(bad::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRequestWhoseDeadlinePassesWhileItWaitsIsNotComputed() {
        var lane = lane(limits(8, Duration.ZERO));
        occupy();

        assertThatThrownBy(() ->
                        scheduler.ask(lane, question(1, 0, Duration.ofMillis(1), () -> false)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo(ProblemCode.DEADLINE_EXCEEDED));
        finish.countDown();
        scheduler.close();
        assertThat(batches).isEmpty();
    }

    @Test
    void aRequestWhoseClientHangsUpWhileItWaitsIsNotComputed() {
        var lane = lane(limits(8, Duration.ZERO));
        occupy();
        var gone = new AtomicBoolean();
        var left = inBackground(lane, 1, 0, gone::get);
        await().until(() -> scheduler.waiting() == 1);
        var stayed = inBackground(lane, 2, 0);
        await().until(() -> scheduler.waiting() == 2);

        gone.set(true);
        scheduler.dropUnwanted();

        assertThatThrownBy(left::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ClientGoneException.class);
        finish.countDown();
        assertThat(stayed.join()).isEqualTo(4);
        assertThat(batches).containsExactly(List.of(2));
    }

    @Test
    void oneMoreThanMayWaitIsToldThatTheServerIsBusy() {
        var lane = lane(new BatchLimits(8, Duration.ZERO, 1, 2));
        occupy();
        var one = inBackground(lane, 1, 0);
        var two = inBackground(lane, 2, 0);
        await().until(() -> scheduler.waiting() == 2);

        assertThatThrownBy(() -> scheduler.ask(lane, question(3, 0, LONG, () -> false)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo(ProblemCode.OVERLOADED));

        finish.countDown();
        assertThat(one.join() + two.join()).isEqualTo(6);
    }

    @Test
    void whereThereIsNoRoomThatIsToldBeforeAnythingIsAsked() {
        var full = lane(new BatchLimits(8, Duration.ZERO, 1, 1));
        var other = lane(limits(8, Duration.ZERO));
        occupy();
        scheduler.requireRoom(full);
        var waits = inBackground(full, 1, 0);
        await().until(() -> scheduler.waiting() == 1);

        assertThatThrownBy(() -> scheduler.requireRoom(full))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> {
                            assertThat(e.retryAfter()).contains(Duration.ofSeconds(1));
                            assertThat(e.getStackTrace()).isEmpty();
                        });
        scheduler.requireRoom(other);
        scheduler.requireRoom();
        scheduler.requireRoom(List.of(full, other));
        assertThat(scheduler.refused()).isEqualTo(1);

        assertThatThrownBy(() -> scheduler.requireRoom(List.of(full)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo(ProblemCode.OVERLOADED));
        assertThat(scheduler.refused()).isEqualTo(2);
        finish.countDown();
        assertThat(waits.join()).isEqualTo(2);
    }

    @Test
    void aWatchIsToldOfAllThatWaitsAndWhatABatchesTimeWentInto() {
        var waiting = new AtomicInteger();
        var most = new AtomicInteger();
        var took = new AtomicReference<>(new Lane.Took(0, 0, 0));
        var watch =
                new Lane.Watch() {
                    @Override
                    public void waiting(int more) {
                        most.accumulateAndGet(waiting.addAndGet(more), Math::max);
                    }

                    @Override
                    public void computed(List<Long> waitedNanos, int rows, Lane.Took each) {
                        took.set(each);
                    }
                };
        var lane =
                new Lane<Integer, Integer>(
                        limits(8, Duration.ZERO),
                        (questions, laps) -> {
                            laps.output(1);
                            return questions;
                        },
                        watch);
        occupy();
        var one = inBackground(lane, 1, 0);
        var two = inBackground(lane, 2, 0);
        await().until(() -> waiting.get() == 2);
        finish.countDown();

        assertThat(one.join() + two.join()).isEqualTo(3);
        assertThat(waiting).hasValue(0);
        assertThat(most).hasValue(2);
        await().untilAsserted(() ->
                assertThat(took.get())
                        .satisfies(each -> assertThat(each.outputNanos()).isEqualTo(1))
                        .satisfies(each -> assertThat(each.inferNanos()).isZero())
                        .satisfies(each -> assertThat(each.inputNanos()).isPositive()));
    }

    @Test
    void aClosingSchedulerAnswersWhoWaitsAndTakesNoMore() {
        var lane = lane(limits(8, Duration.ofSeconds(10)));
        var waits = inBackground(lane, 1, 0);
        await().until(() -> scheduler.waiting() == 1);

        scheduler.close();

        assertThat(waits.join()).isEqualTo(2);
        assertThatThrownBy(() -> scheduler.ask(lane, question(3, 0, LONG, () -> false)))
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void whatNobodyWaitsForIsComputedWhenNothingElseIsToBe() {
        var shadowed = lane(limits(8, Duration.ZERO));
        var other = lane(limits(8, Duration.ZERO));
        occupy();
        var shadow = unattended(shadowed, 1);
        await().until(() -> scheduler.waiting() == 1);
        var alone = unattended(other, 2);
        await().until(() -> scheduler.waiting() == 2);
        var request = inBackground(shadowed, 3, -100);
        await().until(() -> scheduler.waiting() == 3);

        finish.countDown();

        assertThat(shadow.join() + alone.join() + request.join()).isEqualTo(12);
        assertThat(batches).startsWith(List.of(3)).contains(List.of(1), List.of(2)).hasSize(3);
    }

    @Test
    void whatNobodyWaitsForTakesNoRequestsRoom() {
        var lane = lane(new BatchLimits(8, Duration.ZERO, 1, 1));
        occupy();
        var shadow = unattended(lane, 1);
        await().until(() -> scheduler.waiting() == 1);

        var request = inBackground(lane, 2, 0);
        await().until(() -> scheduler.waiting() == 2);
        finish.countDown();

        assertThat(shadow.join() + request.join()).isEqualTo(6);
    }

    @Test
    void oneThreadIsLeftForRequests() {
        try (var two = new BatchScheduler(2, 10)) {
            var begun = new CountDownLatch(1);
            var slow =
                    new Lane<Integer, Integer>(
                            new BatchLimits(1, Duration.ZERO, 2, 10),
                            (questions, _) -> {
                                begun.countDown();
                                awaitQuietly(finish);
                                return questions;
                            },
                            NOBODY);
            var shadows = new ArrayList<CompletableFuture<Integer>>();
            for (int i = 0; i < 2; i++) {
                var question = new Question<>(i, 1, Patience.inBackground(LONG));
                shadows.add(CompletableFuture.supplyAsync(() -> two.ask(slow, question), callers));
            }
            awaitQuietly(begun);

            assertThat(two.ask(lane(limits(1, Duration.ZERO)), question(4, 0, LONG, () -> false)))
                    .isEqualTo(8);

            finish.countDown();
            assertThat(shadows.stream().map(CompletableFuture::join))
                    .containsExactlyInAnyOrder(0, 1);
        }
    }

    private CompletableFuture<Integer> unattended(Lane<Integer, Integer> lane, int question) {
        return CompletableFuture.supplyAsync(
                () -> scheduler.ask(lane, new Question<>(question, 1, Patience.inBackground(LONG))),
                callers);
    }

    /** Keeps the only thread busy until the test lets go. */
    private void occupy() {
        var _ = inBackground(blocker, 0, 0);
        awaitQuietly(blocking);
    }

    private List<Integer> block(List<Integer> questions, Laps laps) {
        blocking.countDown();
        awaitQuietly(finish);
        return questions;
    }

    /** Doubles what it is asked, and has no answer to what is negative. */
    private Lane<Integer, Integer> lane(BatchLimits limits) {
        return new Lane<>(
                limits,
                (questions, _) -> {
                    computedBy = Thread.currentThread();
                    if (questions.stream().anyMatch(question -> question < 0)) {
                        throw new IllegalArgumentException("negative");
                    }
                    batches.add(questions);
                    return questions.stream().map(question -> 2 * question).toList();
                },
                NOBODY);
    }

    private static BatchLimits limits(int rows, Duration delay) {
        return new BatchLimits(rows, delay, 1, 100);
    }

    private CompletableFuture<Integer> inBackground(
            Lane<Integer, Integer> lane, int question, int priority) {
        return inBackground(lane, question, priority, () -> false);
    }

    private CompletableFuture<Integer> inBackground(
            Lane<Integer, Integer> lane, int question, int priority, BooleanSupplier gone) {
        return CompletableFuture.supplyAsync(
                () -> scheduler.ask(lane, question(question, priority, LONG, gone)), callers);
    }

    private static Question<Integer> question(
            int content, int priority, Duration deadline, BooleanSupplier gone) {
        return new Question<>(content, 1, new Patience(deadline, priority, gone));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
