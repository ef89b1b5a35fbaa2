package dev.hearth.serving;

import dev.hearth.torchscript.Laps;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The requests that wait for one model version. Guarded by the scheduler's lock, but for what never
 * changes.
 */
final class Lane<Q, A> {

    /** Computes questions together; answers are in the order of the questions. */
    @FunctionalInterface
    interface Work<Q, A> {

        /**
         * @param laps told what the time went into
         */
        List<A> answer(List<Q> questions, Laps laps);
    }

    /** Is told what waits and what has been computed. */
    interface Watch {

        /** More requests wait, or fewer. */
        void waiting(int more);

        /**
         * @param waitedNanos of each request
         * @param rows of all of them
         */
        void computed(List<Long> waitedNanos, int rows, Took took);
    }

    /**
     * What a batch's time went into.
     *
     * @param inputNanos joining the rows, and making tensors of them
     * @param inferNanos running the model
     * @param outputNanos reading the output back, and parting it
     */
    record Took(long inputNanos, long inferNanos, long outputNanos) {

        static Took of(long totalNanos, Laps laps) {
            return new Took(
                    Math.max(0, totalNanos - laps.inferNanos() - laps.outputNanos()),
                    laps.inferNanos(),
                    laps.outputNanos());
        }

        long totalNanos() {
            return inputNanos + inferNanos + outputNanos;
        }
    }

    final BatchLimits limits;
    final Work<Q, A> work;
    final Watch watch;
    final Pace pace = new Pace();

    private final PriorityQueue<Ticket<Q, A>> waiting = new PriorityQueue<>(Ticket.ORDER);
    private int waitingRows;
    private int waitingInBackground;
    private int running;

    Lane(BatchLimits limits, Work<Q, A> work, Watch watch) {
        this.limits = limits;
        this.work = work;
        this.watch = watch;
    }

    int waiting() {
        return waiting.size();
    }

    /** Of those that somebody waits for. */
    int waitingInForeground() {
        return waiting.size() - waitingInBackground;
    }

    boolean isFull() {
        return waitingInForeground() >= limits.maxWaiting();
    }

    /** Whether nobody waits for what is computed next. */
    boolean isBackground() {
        return waitingInForeground() == 0;
    }

    List<Ticket<Q, A>> tickets() {
        return List.copyOf(waiting);
    }

    void add(Ticket<Q, A> ticket) {
        waiting.add(ticket);
        waitingRows += ticket.rows();
        watch.waiting(1);
        waitingInBackground += ticket.isBackground() ? 1 : 0;
    }

    /**
     * @return whether it was still waiting
     */
    boolean remove(Ticket<?, ?> ticket) {
        boolean wasWaiting = waiting.remove(ticket);
        if (wasWaiting) {
            waitingRows -= ticket.rows();
            watch.waiting(-1);
            waitingInBackground -= ticket.isBackground() ? 1 : 0;
        }
        return wasWaiting;
    }

    /** How long until a batch may be computed: not after {@code nowNanos} if now. */
    long readyNanos(long nowNanos) {
        if (limits.maxDelay().isZero() || waitingRows >= limits.maxBatchRows()) {
            return nowNanos;
        }
        long oldest =
                waiting.stream().mapToLong(ticket -> ticket.arrivedNanos).min().orElse(nowNanos);
        return oldest + limits.maxDelay().toNanos();
    }

    boolean hasFreeInstance() {
        return running < limits.instances();
    }

    /**
     * Takes out what is computed together next; at least one ticket. What nobody waits for is not
     * added to what somebody does.
     */
    List<Ticket<Q, A>> take() {
        var batch = new ArrayList<Ticket<Q, A>>();
        boolean isBackground = isBackground();
        int rows = 0;
        while (!waiting.isEmpty()
                && (batch.isEmpty()
                        || (waiting.peek().isBackground() == isBackground
                                && rows + waiting.peek().rows() <= limits.maxBatchRows()))) {
            var ticket = waiting.remove();
            rows += ticket.rows();
            batch.add(ticket);
        }
        waitingInBackground -= isBackground ? batch.size() : 0;
        waitingRows -= rows;
        watch.waiting(-batch.size());
        running++;
        return batch;
    }

    void done() {
        running--;
    }
}
