package dev.hearth.http;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the bodies of all requests at once may take of the heap. Without it, as many clients as may
 * connect could each send the largest body that one may.
 */
public final class BodyBudget {

    /** What a request costs beside its body, so that their number is bounded with their bytes. */
    private static final long LEAST_BYTES = 16 << 10;

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final long limitBytes;
    private final AtomicLong heldBytes = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    public BodyBudget(long limitBytes) {
        if (limitBytes < LEAST_BYTES) {
            throw new IllegalArgumentException(
                    "hearth.http.max-bodies has to be at least 16KB, got %d bytes"
                            .formatted(limitBytes));
        }
        this.limitBytes = limitBytes;
    }

    /** What one request has of it, until it has been answered. */
    public final class Share implements AutoCloseable {

        private long bytes;
        private long held;
        private boolean isClosed;

        private Share() {}

        /**
         * More bytes are there, or are about to come.
         *
         * @throws ProblemException OVERLOADED where others hold too much, BODY_TOO_LARGE where this
         *     one alone would
         */
        public synchronized void add(long count) {
            bytes = Math.addExact(bytes, count);
            if (bytes > limitBytes) {
                throw new ProblemException(
                        ProblemCode.BODY_TOO_LARGE,
                        "The body is larger than %d bytes, the most that this process holds in memory for all requests; send less at a time."
                                .formatted(limitBytes));
            }
            long more = Math.max(bytes, LEAST_BYTES) - held;
            if (more <= 0 || isClosed) {
                return;
            }
            if (heldBytes.addAndGet(more) > limitBytes) {
                heldBytes.addAndGet(-more);
                refused.incrementAndGet();
                throw ProblemException.overloaded(
                        "the requests that are being read take %d bytes of memory already, and more than %d are not given to them; try again shortly"
                                .formatted(heldBytes.get(), limitBytes),
                        PAUSE);
            }
            held += more;
        }

        @Override
        public synchronized void close() {
            if (!isClosed) {
                isClosed = true;
                heldBytes.addAndGet(-held);
            }
        }
    }

    /**
     * A share of a request that begins.
     *
     * @param bytes of its body, as far as they are known
     * @throws ProblemException as {@link Share#add} does; nothing is held then
     */
    public Share take(long bytes) {
        var share = new Share();
        share.add(bytes);
        return share;
    }

    public long limitBytes() {
        return limitBytes;
    }

    long heldBytes() {
        return heldBytes.get();
    }

    /** How many requests have been refused. */
    long refused() {
        return refused.get();
    }
}
