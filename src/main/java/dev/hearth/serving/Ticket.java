package dev.hearth.serving;

import java.util.Comparator;
import java.util.concurrent.CompletableFuture;

/**
 * A question's place in a queue. Its answer is completed once: by whoever takes the ticket out of
 * the queue, which the scheduler's lock lets one thread do.
 */
final class Ticket<Q, A> {

    /** The most urgent first, then the oldest. */
    static final Comparator<Ticket<?, ?>> ORDER =
            Comparator.<Ticket<?, ?>>comparingInt(ticket -> -ticket.priority)
                    .thenComparingLong(ticket -> ticket.number);

    final Question<Q> question;
    final CompletableFuture<A> answer = new CompletableFuture<>();
    final long arrivedNanos;
    final long expiresNanos;
    private final int priority;
    private final long number;

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
}
