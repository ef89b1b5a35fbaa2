package dev.hearth.serving;

import dev.hearth.problem.ClientGoneException;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.torchscript.Laps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Computes the requests of all models on a fixed number of threads, those of one model together.
 *
 * <p>Models take turns; within a model the most urgent goes first, then the oldest. Requests wait
 * in bounded queues. As long as requests come one by one, quick ones are computed by the thread
 * that asks, as handing them to another one would take longer. One whose deadline passes while it
 * waits, or whose client hangs up, is not computed. What fails in company is computed again alone,
 * so that one request's fault is not another's. What nobody waits for is computed while nothing
 * else is to be, and never on all threads where there are several.
 */
final class BatchScheduler implements AutoCloseable {

    /** Who waited no longer than this is not asked whether it is still there. */
    private static final long SHORT_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private record Batch<Q, A>(Lane<Q, A> lane, boolean isBackground, List<Ticket<Q, A>> tickets) {}

    private final int maxWaiting;
    private final int mostInBackground;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();

    /** Those where somebody waits, in the order of their turns. */
    private final LinkedHashSet<Lane<?, ?>> lanes = new LinkedHashSet<>();

    /** What is told to a client of a process that stops: another one may be there already. */
    private static final Duration RESTART = Duration.ofSeconds(5);

    private final List<Thread> threads;
    private final Pace pace = new Pace();
    private int waiting;
    private final Company company = new Company();
    private int computing;
    private int waitingInBackground;
    private int runningInBackground;
    private long tickets;
    private long refused;
    private boolean closed;

    /**
     * @param threads how many batches are computed at once, and as many platform threads for what
     *     is not quick: a native call would hold a virtual one's carrier, and with it all other
     *     requests
     * @param maxWaiting of all lanes together
     */
    BatchScheduler(int threads, int maxWaiting) {
        this.maxWaiting = maxWaiting;
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
        boolean isLonely = company.enter();
        try {
            return answer(lane, question, isLonely);
        } finally {
            company.leave();
        }
    }

    private <Q, A> A answer(Lane<Q, A> lane, Question<Q> question, boolean isLonely) {
        Ticket<Q, A> ticket;
        Batch<Q, A> batch = null;
        lock.lock();
        try {
            ticket = enqueue(lane, question);
            if (isLonely && isQuickNow(lane, question.rows())) {
                batch = take(lane);
            } else {
                change.signal();
            }
        } finally {
            lock.unlock();
        }
        if (batch != null) {
            compute(batch);
        }
        try {
            return ticket.answer.get(
                    question.patience().deadline().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            if (withdraw(lane, ticket)) {
                throw tooLate(ticket);
            }
            return answer(ticket); // it is being computed, or has been
        } catch (InterruptedException e) {
            withdraw(lane, ticket);
            Thread.currentThread().interrupt();
            throw new ProblemException(ProblemCode.OVERLOADED, "the server is stopping", e);
        } catch (ExecutionException e) {
            throw unwrapped(e);
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
            requireRoomNow();
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
            requireRoomNow(lane);
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
            requireRoomNow();
            if (lanes.stream().allMatch(Lane::isFull)) {
                throw full(lanes.getFirst().waitingInForeground(), lanes.getFirst().pace);
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many questions found no room. */
    long refused() {
        lock.lock();
        try {
            return refused;
        } finally {
            lock.unlock();
        }
    }

    /** Lets those go whose clients have; to be called again and again. */
    void dropAbandoned() {
        record Waiting(Lane<?, ?> lane, Ticket<?, ?> ticket) {}
        var all = new ArrayList<Waiting>();
        lock.lock();
        try {
            for (var lane : lanes) {
                lane.tickets().forEach(ticket -> all.add(new Waiting(lane, ticket)));
            }
        } finally {
            lock.unlock();
        }
        for (var one : all) {
            if (one.ticket().isAbandoned() && withdraw(one.lane(), one.ticket())) {
                one.ticket().answer.completeExceptionally(new ClientGoneException());
            }
        }
    }

    int waiting() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more questions, and answers those that wait. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
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

    private <Q, A> Ticket<Q, A> enqueue(Lane<Q, A> lane, Question<Q> question) {
        requireRoomNow(lane);
        var ticket = new Ticket<Q, A>(question, tickets++, System.nanoTime());
        lane.add(ticket);
        lanes.add(lane);
        waiting++;
        waitingInBackground += ticket.isBackground() ? 1 : 0;
        return ticket;
    }

    /** Whether the asking thread computes what it asks, the only one that waits, itself. */
    private boolean isQuickNow(Lane<?, ?> lane, int rows) {
        return computing < threads.size()
                && lane.hasFreeInstance()
                && lane.waiting() == 1
                && lane.isQuick(rows)
                && lane.readyNanos(0) == 0;
    }

    private void requireRoomNow(Lane<?, ?> lane) {
        requireRoomNow();
        if (lane.isFull()) {
            throw full(lane.waitingInForeground(), lane.pace);
        }
    }

    private void requireRoomNow() {
        if (closed) {
            refused++;
            throw ProblemException.overloaded("the server is stopping; try again", RESTART);
        }
        int inForeground = waiting - waitingInBackground;
        if (inForeground >= maxWaiting) {
            throw full(inForeground, pace);
        }
    }

    private ProblemException full(int before, Pace ofThose) {
        refused++;
        Duration pause = ofThose.untilAnswered(before, System.nanoTime());
        return ProblemException.overloaded(
                "%d requests are waiting already; try again in %d s"
                        .formatted(before, pause.toSeconds()),
                pause);
    }

    private boolean withdraw(Lane<?, ?> lane, Ticket<?, ?> ticket) {
        lock.lock();
        try {
            if (!lane.remove(ticket)) {
                return false;
            }
            waiting--;
            waitingInBackground -= ticket.isBackground() ? 1 : 0;
            if (lane.waiting() == 0) {
                lanes.remove(lane);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        for (var batch = next(); batch != null; batch = next()) {
            compute(batch);
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

    /** Waits for something to compute; null when there will be nothing more. */
    private @Nullable Batch<?, ?> next() {
        lock.lock();
        try {
            while (true) {
                long now = System.nanoTime();
                long wait = Long.MAX_VALUE;
                Lane<?, ?> background = null;
                for (var lane : lanes) {
                    if (computing < threads.size() && lane.hasFreeInstance()) {
                        long ready = closed ? 0 : lane.readyNanos(now) - now;
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
                if (closed && lanes.isEmpty()) {
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
        var taken = lane.take();
        computing++;
        waiting -= taken.size();
        if (isBackground) {
            waitingInBackground -= taken.size();
            runningInBackground++;
        }
        lanes.remove(lane);
        if (lane.waiting() > 0) {
            lanes.add(lane); // behind the others
        }
        if (!lanes.isEmpty()) {
            change.signal(); // another thread may go on while this one computes
        }
        return new Batch<>(lane, isBackground, taken);
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

    private void done(Batch<?, ?> batch, int rows, long nanos) {
        lock.lock();
        try {
            long now = System.nanoTime();
            int requests = batch.tickets().size();
            pace.answered(requests, now);
            batch.lane().pace.answered(requests, now);
            computing--;
            runningInBackground -= batch.isBackground() ? 1 : 0;
            batch.lane().done(rows, nanos);
            if (closed) {
                change.signalAll();
            } else if (!lanes.isEmpty()) {
                change.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tells the others why they are not computed. */
    private static <Q, A> List<Ticket<Q, A>> stillWanted(List<Ticket<Q, A>> tickets) {
        long now = System.nanoTime();
        var wanted = new ArrayList<Ticket<Q, A>>(tickets.size());
        for (var ticket : tickets) {
            if (ticket.isExpired(now)) {
                ticket.answer.completeExceptionally(tooLate(ticket));
            } else if (now - ticket.arrivedNanos > SHORT_WAIT_NANOS && ticket.isAbandoned()) {
                ticket.answer.completeExceptionally(new ClientGoneException());
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
                tickets.getFirst().answer.completeExceptionally(e);
            } else {
                tickets.forEach(ticket -> compute(lane, List.of(ticket)));
            }
            return;
        }
        long end = System.nanoTime();
        for (int i = 0; i < tickets.size(); i++) {
            tickets.get(i).answer.complete(answers.get(i));
        }
        lane.watch.computed(
                tickets.stream().map(ticket -> begin - ticket.arrivedNanos).toList(),
                rows(tickets),
                Lane.Took.of(end - begin, laps));
    }

    private static int rows(List<? extends Ticket<?, ?>> tickets) {
        return tickets.stream().mapToInt(Ticket::rows).sum();
    }

    private static <A> A answer(Ticket<?, A> ticket) {
        try {
            return ticket.answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(ProblemCode.OVERLOADED, "the server is stopping", e);
        } catch (ExecutionException e) {
            throw unwrapped(e);
        }
    }

    private static RuntimeException unwrapped(ExecutionException failure) {
        return switch (failure.getCause()) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            case null, default -> new IllegalStateException(failure);
        };
    }

    private static ProblemException tooLate(Ticket<?, ?> ticket) {
        return new ProblemException(
                ProblemCode.DEADLINE_EXCEEDED,
                "the request waited %d ms for its turn and was not computed"
                        .formatted(ticket.question.patience().deadline().toMillis()));
    }
}
