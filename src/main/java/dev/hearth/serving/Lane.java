package dev.hearth.serving;

import dev.hearth.torchscript.Laps;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

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

    private static final long QUICK_NANOS = TimeUnit.MICROSECONDS.toNanos(250);
    private static final long QUICK_ALONE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int FEW_ROWS = 64;
    private static final double STEP = 0.05;

    final BatchLimits limits;
    final Work<Q, A> work;
    final Watch watch;
    final Pace pace = new Pace();

    private final PriorityQueue<Ticket<Q, A>> waiting = new PriorityQueue<>(Ticket.ORDER);
    private int waitingRows;
    private int waitingInBackground;
    private int running;

    /**
     * What a batch takes: about the median of late, which one that was interrupted hardly moves;
     * unknown before the first.
     */
    private double batchNanos = Double.POSITIVE_INFINITY;

    /** What a row of a batch takes: an average of late; none before the first. */
    private double rowNanos;

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

    /**
     * Whether another batch may be computed now. Of a quick model one is at a time: its call costs
     * more than its rows, so that what waits for the call to end is cheaper together than beside
     * it.
     */
    boolean hasFreeInstance() {
        return running < (batchNanos < QUICK_NANOS ? 1 : limits.instances());
    }

    /**
     * Whether a question is computed by the thread that asks, and what waits with it, since it
     * would take longer to wake another one. Meanwhile that thread holds its carrier.
     *
     * @param isAlone whether nobody else asks, so that hardly anybody needs the carrier
     */
    boolean isComputedByWhoAsks(Ticket<Q, A> ticket, boolean isAlone) {
        return batchNanos < (isAlone ? QUICK_ALONE_NANOS : QUICK_NANOS)
                && ticket.rows() <= FEW_ROWS
                && !ticket.isBackground()
                && limits.maxDelay().isZero();
    }

    /** Who goes next, where somebody waits. */
    Ticket<Q, A> next() {
        return waiting.element();
    }

    /** A batch is going to be computed. */
    void begin() {
        running++;
    }

    /**
     * Takes out what is computed together with the tickets that are in a batch, or next where there
     * are none, and adds it to them. What nobody waits for is not added to what somebody does.
     */
    void fill(List<Ticket<Q, A>> batch) {
        int before = batch.size();
        int rows = batch.stream().mapToInt(Ticket::rows).sum();
        int most = mostRows();
        while (!waiting.isEmpty() && (batch.isEmpty() || fits(batch.getFirst(), most - rows))) {
            var ticket = waiting.remove();
            rows += ticket.rows();
            waitingRows -= ticket.rows();
            waitingInBackground -= ticket.isBackground() ? 1 : 0;
            batch.add(ticket);
        }
        watch.waiting(before - batch.size());
    }

    private boolean fits(Ticket<Q, A> first, int rows) {
        var next = next();
        return next.isBackground() == first.isBackground() && next.rows() <= rows;
    }

    /** So that nobody waits long for others' rows, of a slow model fewer are computed together. */
    private int mostRows() {
        return rowNanos == 0
                ? limits.maxBatchRows()
                : (int) Math.clamp(LONG_NANOS / rowNanos, 1, limits.maxBatchRows());
    }

    /**
     * A batch has been computed.
     *
     * @param rows that were; 0 where nobody wanted them any more
     */
    void done(int rows, long nanos) {
        running--;
        if (rows > 0) {
            batchNanos =
                    Double.isInfinite(batchNanos)
                            ? nanos
                            : batchNanos * (nanos > batchNanos ? 1 + STEP : 1 - STEP);
            double each = (double) nanos / rows;
            rowNanos += rowNanos == 0 ? each : (each - rowNanos) * STEP;
        }
    }
}
