package dev.hearth.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hearth.problem.ClientGoneException;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final Admission admission = new Admission(1, 2);
    private final AtomicInteger computed = new AtomicInteger();
    private final CountDownLatch finish = new CountDownLatch(1);

    @AfterEach
    void letEverybodyGo() {
        finish.countDown();
    }

    @Test
    void aRequestWhoseDeadlinePassesWhileItWaitsIsNotComputed() {
        occupy();

        assertThatThrownBy(() -> ask(Duration.ofMillis(1), () -> false))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo(ProblemCode.DEADLINE_EXCEEDED));
        assertThat(computed).hasValue(0);
    }

    @Test
    void aRequestWhoseClientHangsUpWhileItWaitsIsNotComputed() {
        occupy();
        var gone = new AtomicBoolean();
        var left = inBackground(LONG, gone::get);
        var stayed = inBackground(LONG, () -> false);
        await().until(() -> admission.waiting() == 2);

        gone.set(true);
        admission.dropAbandoned();

        assertThatThrownBy(left::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ClientGoneException.class);
        finish.countDown();
        stayed.join();
        assertThat(computed).hasValue(1);
    }

    @Test
    void oneMoreThanMayWaitIsToldThatTheServerIsBusy() {
        occupy();
        var one = inBackground(LONG, () -> false);
        var two = inBackground(LONG, () -> false);
        await().until(() -> admission.waiting() == 2);

        assertThatThrownBy(() -> ask(LONG, () -> false))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo(ProblemCode.OVERLOADED));

        finish.countDown();
        CompletableFuture.allOf(one, two).join();
        assertThat(computed).hasValue(2);
    }

    /** Takes the only slot until the test lets go. */
    private void occupy() {
        var begun = new CountDownLatch(1);
        Thread.ofVirtual()
                .start(() ->
                        admission.admit(
                                LONG,
                                () -> false,
                                () -> {
                                    begun.countDown();
                                    return awaitQuietly(finish);
                                }));
        awaitQuietly(begun);
    }

    private int ask(Duration deadline, BooleanSupplier gone) {
        return admission.admit(deadline, gone, computed::incrementAndGet);
    }

    private CompletableFuture<Integer> inBackground(Duration deadline, BooleanSupplier gone) {
        return CompletableFuture.supplyAsync(
                () -> ask(deadline, gone), Executors.newVirtualThreadPerTaskExecutor());
    }

    private static boolean awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
