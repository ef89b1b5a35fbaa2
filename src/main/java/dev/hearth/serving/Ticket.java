package dev.hearth.serving;

import dev.hearth.problem.ClientGoneException;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A question's place in a queue. It is answered once: by whoever takes the ticket out of the queue,
 * which the scheduler's lock lets one thread do.
 */
final class Ticket<Q, A> {

    /** What whoever waits with a ticket is called for. */
    enum Call {
        /** To compute what waits, and this ticket's question with it. */
        LEAD,
        /** The answer is there, or the reason why there is none. */
        ANSWERED
    }

    /** The most urgent first, then the oldest. */
    static final Comparator<Ticket<?, ?>> ORDER =
            Comparator.<Ticket<?, ?>>comparingInt(ticket -> -ticket.priority)
                    .thenComparingLong(ticket -> ticket.number);

    final Question<Q> question;
    final long arrivedNanos;
    final long expiresNanos;
    private final int priority;
    private final long number;
    private final CompletableFuture<Call> call = new CompletableFuture<>();
    private @Nullable A answer;
    private @Nullable Throwable failure;

    /**
     * @param number of tickets, a later one has a higher one
     */
    Ticket(Question<Q> question, long number, long nowNanos) {
        this.question = question;
        this.number = number;
        this.priority = question.patience().priority();
        this.arrivedNanos = nowNanos;
        this.expiresNanos = nowNanos + question.patience().deadline().toNanos();
    }

    Q content() {
        return question.content();
    }

    int rows() {
        return question.rows();
    }

    boolean isBackground() {
        return question.patience().isBackground();
    }

    boolean isExpired(long nowNanos) {
        return expiresNanos - nowNanos <= 0;
    }

    boolean isAbandoned() {
        return question.patience().clientGone().getAsBoolean();
    }

    /** Calls whoever waits with this ticket to compute. */
    void lead() {
        call.complete(Call.LEAD);
    }

    void answer(A answer) {
        this.answer = answer;
        call.complete(Call.ANSWERED);
    }

    void fail(Throwable failure) {
        this.failure = failure;
        call.complete(Call.ANSWERED);
    }

    /** Its turn did not come in time. */
    void expire() {
        fail(
                new ProblemException(
                        ProblemCode.DEADLINE_EXCEEDED,
                        "the request waited %d ms for its turn and was not computed"
                                .formatted(question.patience().deadline().toMillis())));
    }

    /** Nobody waits for the answer any more. */
    void abandon() {
        fail(new ClientGoneException());
    }

    /** Waits to be called. */
    Call await() throws InterruptedException {
        try {
            return call.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("calls do not fail", e);
        }
    }

    /** As {@link #await()}, until the deadline. */
    Call awaitInTime() throws InterruptedException, TimeoutException {
        try {
            return call.get(question.patience().deadline().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("calls do not fail", e);
        }
    }

    /** As {@link #await()}, whoever interrupts. */
    Call awaitSurely() {
        return call.join();
    }

    /** The answer, once it is there; or the failure is thrown. */
    A result() {
        return switch (failure) {
            case null -> Objects.requireNonNull(answer);
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure);
        };
    }
}
