package dev.hearth.serving;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets a bounded number of requests compute at once and a bounded number wait, first come first
 * served. A request whose deadline passes while it waits is not computed.
 */
final class Admission {

    private final Semaphore slots;
    private final int mostWaiting;

    Admission(int slots, int mostWaiting) {
        this.slots = new Semaphore(slots, true);
        this.mostWaiting = mostWaiting;
    }

    <T> T admit(Duration deadline, Supplier<T> work) {
        if (slots.getQueueLength() >= mostWaiting) {
            throw new ProblemException(
                    ProblemCode.OVERLOADED,
                    "%d requests are waiting already; try again shortly".formatted(mostWaiting));
        }
        try {
            if (!slots.tryAcquire(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new ProblemException(
                        ProblemCode.DEADLINE_EXCEEDED,
                        "the request waited %d ms for its turn and was not computed"
                                .formatted(deadline.toMillis()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(ProblemCode.OVERLOADED, "the server is stopping", e);
        }
        try {
            return work.get();
        } finally {
            slots.release();
        }
    }

    int waiting() {
        return slots.getQueueLength();
    }
}
