package dev.hearth.serving;

import dev.hearth.problem.ClientGoneException;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.torchscript.Laps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Computes the requests of all models, those of one model together.
 *
 * <p>Models take turns; within a model the most urgent goes first, then the oldest. Requests wait
 * in bounded queues. Quick models are computed by the threads that ask, one of them for all that
 * wait, since to hand requests to another thread would take longer than the model; all others by a
 * fixed number of threads. A request whose deadline passes while it waits, or whose client hangs
 * up, is not computed. What fails in company is computed again alone, so that one request's fault
 * is not another's. What nobody waits for is computed while nothing else is to be, and never on all
 * threads where there are several.
 */
final class BatchScheduler implements AutoCloseable {

    /** Who waited no longer than this is not asked whether it is still there. */
    private static final long SHORT_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** Longer deadlines need no timer of their own: {@link #dropUnwanted} comes often enough. */
    private static final Duration TIMED = Duration.ofSeconds(1);

    /**
     * @param isLed whether it is computed by a thread that asks
     */
    private record Batch<Q, A>(
            Lane<Q, A> lane, boolean isLed, boolean isBackground, List<Ticket<Q, A>> tickets) {}

    private final int mostInBackground;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private final Queues queues;
    private final List<Thread> threads;
    private final Company company = new Company();
    private int computing;
    private int runningInBackground;

    /**
     * @param threads how many batches of models that are not quick are computed at once, and as
     *     many platform threads: a native call would hold a virtual one's carrier, and with it all
     *     other requests
     * @param maxWaiting of all lanes together
     */
    BatchScheduler(int threads, int maxWaiting) {
        this.queues = new Queues(maxWaiting);
        this.mostInBackground = Math.max(1, threads - 1);
        this.threads =
                IntStream.range(0, threads)
                        .mapToObj(i ->
                                Thread.ofPlatform().name("predict-" + i).daemon().start(this::work))
                        .toList();
    }

    /**
     * Waits for a question's turn and answers it.
     *
     * @throws ProblemException OVERLOADED if too many wait already; DEADLINE_EXCEEDED if its turn
     *     did not come in time
     * @throws ClientGoneException if nobody waits for the answer any more
     */
    <Q, A> A ask(Lane<Q, A> lane, Question<Q> question) {
        boolean isAlone = company.enter();
        try {
            return answer(lane, question, isAlone);
        } finally {
            company.leave();
        }
    }

    private <Q, A> A answer(Lane<Q, A> lane, Question<Q> question, boolean isAlone) {
        Ticket<Q, A> ticket;
        boolean leads;
        lock.lock();
        try {
            ticket = queues.add(lane, question);
            leads = lane.hasFreeInstance() && lane.isComputedByWhoAsks(ticket, isAlone);
            if (leads) {
                beginWith(lane, ticket);
            } else if (lane.hasFreeInstance()) {
                change.signal();
            }
        } finally {
            lock.unlock();
        }
        if (!leads) {
            leads = await(lane, ticket) == Ticket.Call.LEAD;
        } else if (!isAlone) {
            letOthersCome();
        }
        if (leads) {
            compute(ledBy(ticket, lane));
        }
        return ticket.result();
    }

    /**
     * Who is on the way to ask the same is computed with it. Nothing depends on it but how many
     * that are.
     */
    @SuppressWarnings("ThreadPriorityCheck")
    private static void letOthersCome() {
        Thread.yield();
    }

    /** Waits for the turn, or for the answer of whoever computes it. */
    private Ticket.Call await(Lane<?, ?> lane, Ticket<?, ?> ticket) {
        try {
            return ticket.question.patience().deadline().compareTo(TIMED) < 0
                    ? ticket.awaitInTime()
                    : ticket.await();
        } catch (TimeoutException _) {
            if (withdraw(lane, ticket)) {
                ticket.expire();
            }
            return ticket.awaitSurely(); // it is being computed, or has been
        } catch (InterruptedException e) {
            if (withdraw(lane, ticket)) {
                ticket.fail(
                        new ProblemException(ProblemCode.OVERLOADED, "the server is stopping", e));
            }
            var call = ticket.awaitSurely(); // the others of its batch may wait for this thread
            Thread.currentThread().interrupt();
            return call;
        }
    }

    /**
     * Refuses what would have to be refused once it had been read.
     *
     * @throws ProblemException OVERLOADED if too many wait already, whoever they wait for
     */
    void requireRoom() {
        lock.lock();
        try {
            queues.requireRoom();
        } finally {
            lock.unlock();
        }
    }

    /**
     * As {@link #requireRoom()}, of one lane.
     *
     * @throws ProblemException OVERLOADED if too many wait already
     */
    void requireRoom(Lane<?, ?> lane) {
        lock.lock();
        try {
            queues.requireRoom(lane);
        } finally {
            lock.unlock();
        }
    }

    /**
     * As {@link #requireRoom()}, of some lanes, any of which will do.
     *
     * @param lanes at least one
     * @throws ProblemException OVERLOADED if too many wait in each of them
     */
    void requireRoom(List<? extends Lane<?, ?>> lanes) {
        lock.lock();
        try {
            queues.requireRoom(lanes);
        } finally {
            lock.unlock();
        }
    }

    /** How many questions found no room. */
    long refused() {
        lock.lock();
        try {
            return queues.refused();
        } finally {
            lock.unlock();
        }
    }

    /** Lets those go that have waited too long or whose clients have gone; to be called often. */
    void dropUnwanted() {
        List<Queues.Waiting<?, ?>> all;
        lock.lock();
        try {
            all = queues.all();
        } finally {
            lock.unlock();
        }
        long now = System.nanoTime();
        for (var one : all) {
            var ticket = one.ticket();
            if (ticket.isExpired(now) && withdraw(one.lane(), ticket)) {
                ticket.expire();
            } else if (ticket.isAbandoned() && withdraw(one.lane(), ticket)) {
                ticket.abandon();
            }
        }
    }

    int waiting() {
        lock.lock();
        try {
            return queues.waiting();
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more questions, and answers those that wait. */
    @Override
    public void close() {
        lock.lock();
        try {
            queues.close();
            change.signalAll();
        } finally {
            lock.unlock();
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private boolean withdraw(Lane<?, ?> lane, Ticket<?, ?> ticket) {
        lock.lock();
        try {
            return queues.remove(lane, ticket);
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        for (var batch = next(); batch != null; batch = next()) {
            compute(batch);
        }
    }

    /** Waits for something to compute; null when there will be nothing more. */
    private @Nullable Batch<?, ?> next() {
        lock.lock();
        try {
            while (true) {
                long now = System.nanoTime();
                long wait = Long.MAX_VALUE;
                Lane<?, ?> background = null;
                for (var lane : queues.lanes()) {
                    if (computing < threads.size() && lane.hasFreeInstance()) {
                        long ready = queues.isClosed() ? 0 : lane.readyNanos(now) - now;
                        if (ready <= 0 && !lane.isBackground()) {
                            return take(lane);
                        }
                        if (ready > 0) {
                            wait = Math.min(wait, ready);
                        } else if (background == null) {
                            background = lane;
                        }
                    }
                }
                if (background != null && runningInBackground < mostInBackground) {
                    return take(background);
                }
                if (queues.isClosed() && queues.isEmpty()) {
                    return null;
                }
                awaitChange(wait);
            }
        } finally {
            lock.unlock();
        }
    }

    private <Q, A> Batch<Q, A> take(Lane<Q, A> lane) {
        boolean isBackground = lane.isBackground();
        computing++;
        runningInBackground += isBackground ? 1 : 0;
        lane.begin();
        var batch = new Batch<>(lane, false, isBackground, new ArrayList<Ticket<Q, A>>());
        queues.fill(lane, batch.tickets());
        if (!queues.isEmpty()) {
            change.signal(); // another thread may go on while this one computes
        }
        return batch;
    }

    /** From now on nobody else computes for the lane, until whoever has the ticket has. */
    private void beginWith(Lane<?, ?> lane, Ticket<?, ?> ticket) {
        queues.remove(lane, ticket);
        lane.begin();
    }

    private <Q, A> Batch<Q, A> ledBy(Ticket<Q, A> ticket, Lane<Q, A> lane) {
        var batch = new Batch<>(lane, true, false, new ArrayList<Ticket<Q, A>>());
        batch.tickets().add(ticket);
        lock.lock();
        try {
            queues.fill(lane, batch.tickets());
        } finally {
            lock.unlock();
        }
        return batch;
    }

    @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
    private void awaitChange(long nanos) {
        try {
            if (nanos == Long.MAX_VALUE) {
                change.await();
            } else {
                change.awaitNanos(nanos);
            }
        } catch (InterruptedException _) {
            // Nobody interrupts these threads: they end by close().
        }
    }

    private <Q, A> void compute(Batch<Q, A> batch) {
        var wanted = stillWanted(batch.tickets());
        long begin = System.nanoTime();
        try {
            compute(batch.lane(), wanted);
        } finally {
            done(batch, rows(wanted), System.nanoTime() - begin);
        }
    }

    private <Q, A> void done(Batch<Q, A> batch, int rows, long nanos) {
        var lane = batch.lane();
        Ticket<Q, A> next = null;
        lock.lock();
        try {
            queues.answered(lane, batch.tickets().size());
            computing -= batch.isLed() ? 0 : 1;
            runningInBackground -= batch.isBackground() ? 1 : 0;
            lane.done(rows, nanos);
            if (lane.waiting() > 0
                    && lane.hasFreeInstance()
                    && lane.isComputedByWhoAsks(lane.next(), false)) {
                next = lane.next();
                beginWith(lane, next);
            }
            if (queues.isClosed()) {
                change.signalAll();
            } else if (!queues.isEmpty()) {
                change.signal();
            }
        } finally {
            lock.unlock();
        }
        if (next != null) {
            next.lead();
        }
    }

    /** Tells the others why they are not computed. */
    private static <Q, A> List<Ticket<Q, A>> stillWanted(List<Ticket<Q, A>> tickets) {
        long now = System.nanoTime();
        var wanted = new ArrayList<Ticket<Q, A>>(tickets.size());
        for (var ticket : tickets) {
            if (ticket.isExpired(now)) {
                ticket.expire();
            } else if (now - ticket.arrivedNanos > SHORT_WAIT_NANOS && ticket.isAbandoned()) {
                ticket.abandon();
            } else {
                wanted.add(ticket);
            }
        }
        return wanted;
    }

    private static <Q, A> void compute(Lane<Q, A> lane, List<Ticket<Q, A>> tickets) {
        if (tickets.isEmpty()) {
            return;
        }
        long begin = System.nanoTime();
        var laps = new Laps();
        List<A> answers;
        try {
            answers = lane.work.answer(tickets.stream().map(Ticket::content).toList(), laps);
        } catch (RuntimeException | Error e) {
            if (tickets.size() == 1) {
                tickets.getFirst().fail(e);
            } else {
                tickets.forEach(ticket -> compute(lane, List.of(ticket)));
            }
            return;
        }
        long end = System.nanoTime();
        for (int i = 0; i < tickets.size(); i++) {
            tickets.get(i).answer(answers.get(i));
        }
        lane.watch.computed(
                tickets.stream().map(ticket -> begin - ticket.arrivedNanos).toList(),
                rows(tickets),
                Lane.Took.of(end - begin, laps));
    }

    private static int rows(List<? extends Ticket<?, ?>> tickets) {
        return tickets.stream().mapToInt(Ticket::rows).sum();
    }
}
