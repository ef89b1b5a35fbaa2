package dev.hearth.serving;

import dev.hearth.problem.ClientGoneException;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Lets a bounded number of requests compute at once and a bounded number wait, first come first
 * served. A request whose deadline passes while it waits, or whose client hangs up, is not
 * computed.
 */
final class Admission {

    private final Semaphore slots;
    private final int mostWaiting;
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();

    Admission(int slots, int mostWaiting) {
        this.slots = new Semaphore(slots, true);
        this.mostWaiting = mostWaiting;
    }

    /**
     * Computes {@code work} when its turn has come.
     *
     * @param deadline how long it may wait for that
     * @param clientGone whether nobody waits for the answer any more
     * @throws ClientGoneException if that became so while it waited
     */
    <T> T admit(Duration deadline, BooleanSupplier clientGone, Supplier<T> work) {
        if (!slots.tryAcquire()) {
            waitForTurn(deadline, clientGone);
        }
        try {
            return work.get();
        } finally {
            slots.release();
        }
    }

    private void waitForTurn(Duration deadline, BooleanSupplier clientGone) {
        if (slots.getQueueLength() >= mostWaiting) {
            throw new ProblemException(
                    ProblemCode.OVERLOADED,
                    "%d requests are waiting already; try again shortly".formatted(mostWaiting));
        }
        var self = new Waiting(Thread.currentThread(), clientGone);
        waiting.add(self);
        boolean admitted = false;
        try {
            admitted = slots.tryAcquire(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            if (!self.isAbandoned()) {
                Thread.currentThread().interrupt();
                throw new ProblemException(ProblemCode.OVERLOADED, "the server is stopping", e);
            }
        } finally {
            waiting.remove(self);
        }
        if (self.end()) {
            if (admitted) {
                slots.release();
            }
            throw new ClientGoneException();
        }
        if (!admitted) {
            throw new ProblemException(
                    ProblemCode.DEADLINE_EXCEEDED,
                    "the request waited %d ms for its turn and was not computed"
                            .formatted(deadline.toMillis()));
        }
    }

    /** Lets those go whose clients have; to be called again and again. */
    void dropAbandoned() {
        waiting.forEach(Waiting::dropIfAbandoned);
    }

    int waiting() {
        return slots.getQueueLength();
    }

    /** A request in the queue; the thread that waits and the one that looks after it meet here. */
    private static final class Waiting {
        private final Thread thread;
        private final BooleanSupplier clientGone;
        private boolean abandoned;
        private boolean ended;

        Waiting(Thread thread, BooleanSupplier clientGone) {
            this.thread = thread;
            this.clientGone = clientGone;
        }

        synchronized void dropIfAbandoned() {
            if (!ended && !abandoned && clientGone.getAsBoolean()) {
                abandoned = true;
                thread.interrupt();
            }
        }

        synchronized boolean isAbandoned() {
            return abandoned;
        }

        /**
         * No interruption comes after this.
         *
         * @return whether the client has gone
         */
        synchronized boolean end() {
            ended = true;
            if (abandoned) {
                Thread.interrupted(); // came after the turn did
            }
            return abandoned;
        }
    }
}
