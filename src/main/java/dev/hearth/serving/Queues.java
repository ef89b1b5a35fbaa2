package dev.hearth.serving;

import dev.hearth.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * All requests that wait, those of each model in its own lane, and whether there is room for one
 * more. Guarded by the scheduler's lock.
 */
final class Queues {

    /** What is told to a client of a process that stops: another one may be there already. */
    private static final Duration RESTART = Duration.ofSeconds(5);

    /** A ticket and where it waits. */
    record Waiting<Q, A>(Lane<Q, A> lane, Ticket<Q, A> ticket) {}

    private final int maxWaiting;
    private final Pace pace = new Pace();

    /** Those where somebody waits, in the order of their turns. */
    private final LinkedHashSet<Lane<?, ?>> lanes = new LinkedHashSet<>();

    private int waiting;
    private int waitingInBackground;
    private long tickets;
    private long refused;
    private boolean closed;

    /**
     * @param maxWaiting of all lanes together
     */
    Queues(int maxWaiting) {
        this.maxWaiting = maxWaiting;
    }

    /**
     * A ticket at the end of a lane's queue.
     *
     * @throws ProblemException OVERLOADED if too many wait already
     */
    <Q, A> Ticket<Q, A> add(Lane<Q, A> lane, Question<Q> question) {
        requireRoom(lane);
        var ticket = new Ticket<Q, A>(question, tickets++, System.nanoTime());
        lane.add(ticket);
        lanes.add(lane);
        waiting++;
        waitingInBackground += ticket.isBackground() ? 1 : 0;
        return ticket;
    }

    /**
     * @return whether it was still waiting
     */
    boolean remove(Lane<?, ?> lane, Ticket<?, ?> ticket) {
        if (!lane.remove(ticket)) {
            return false;
        }
        count(-1, ticket.isBackground());
        forgetIfEmpty(lane);
        return true;
    }

    /** Takes out who goes next in a lane where somebody waits. */
    <Q, A> Ticket<Q, A> removeNext(Lane<Q, A> lane) {
        var ticket = lane.next();
        remove(lane, ticket);
        return ticket;
    }

    /** Adds to a batch what is computed with it; the lane goes behind the others. */
    <Q, A> void fill(Lane<Q, A> lane, List<Ticket<Q, A>> batch) {
        int before = batch.size();
        boolean isBackground = lane.isBackground();
        lane.fill(batch);
        count(before - batch.size(), isBackground);
        lanes.remove(lane);
        if (lane.waiting() > 0) {
            lanes.add(lane);
        }
    }

    private void count(int more, boolean isBackground) {
        waiting += more;
        waitingInBackground += isBackground ? more : 0;
    }

    private void forgetIfEmpty(Lane<?, ?> lane) {
        if (lane.waiting() == 0) {
            lanes.remove(lane);
        }
    }

    Iterable<Lane<?, ?>> lanes() {
        return lanes;
    }

    boolean isEmpty() {
        return lanes.isEmpty();
    }

    int waiting() {
        return waiting;
    }

    List<Waiting<?, ?>> all() {
        var all = new ArrayList<Waiting<?, ?>>(waiting);
        lanes.forEach(lane -> addAll(lane, all));
        return all;
    }

    private static <Q, A> void addAll(Lane<Q, A> lane, List<Waiting<?, ?>> all) {
        lane.tickets().forEach(ticket -> all.add(new Waiting<>(lane, ticket)));
    }

    /**
     * Refuses what does not fit into a lane.
     *
     * @throws ProblemException OVERLOADED if too many wait already, in it or in all
     */
    void requireRoom(Lane<?, ?> lane) {
        requireRoom();
        if (lane.isFull()) {
            throw full(lane.waitingInForeground(), lane.pace);
        }
    }

    /**
     * Refuses what does not fit into any of some lanes.
     *
     * @param lanes at least one
     * @throws ProblemException OVERLOADED if too many wait in each of them, or in all
     */
    void requireRoom(List<? extends Lane<?, ?>> lanes) {
        requireRoom();
        if (lanes.stream().allMatch(Lane::isFull)) {
            throw full(lanes.getFirst().waitingInForeground(), lanes.getFirst().pace);
        }
    }

    /**
     * Refuses what does not fit, whoever it is for.
     *
     * @throws ProblemException OVERLOADED if too many wait already
     */
    void requireRoom() {
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

    /** How many found no room. */
    long refused() {
        return refused;
    }

    /** So many requests to a lane have been computed. */
    void answered(Lane<?, ?> lane, int requests) {
        long now = System.nanoTime();
        pace.answered(requests, now);
        lane.pace.answered(requests, now);
    }

    /** Takes no more. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }
}
