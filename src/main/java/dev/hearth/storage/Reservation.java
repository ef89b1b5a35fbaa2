package dev.hearth.storage;

import dev.hearth.http.Owner;
import java.util.Optional;
import java.util.UUID;

/**
 * Room for bytes that are on their way in. It grows as they come, and is given back at the end,
 * whether they are owned by then or were refused. For one request or job; its threads may share it.
 */
public final class Reservation implements AutoCloseable {

    /** How many bytes more than are needed are asked for at most, so as to ask seldom. */
    private static final long MOST_AHEAD_BYTES = 8L << 20;

    private final UUID id = UUID.randomUUID();
    private final Optional<Owner> account;
    private final Reservations all;
    private long needed;
    private long granted;

    Reservation(Optional<Owner> account, Reservations all) {
        this.account = account;
        this.all = all;
    }

    UUID id() {
        return id;
    }

    /** On whose account the bytes are; empty where they only count to the whole. */
    Optional<Owner> account() {
        return account;
    }

    /**
     * Asks for room for more bytes.
     *
     * @throws dev.hearth.problem.ProblemException QUOTA_EXCEEDED where the owner has not as much
     *     left, STORAGE_FULL where there is not as much for all; what was reserved before stays
     */
    public synchronized void add(long bytes) {
        long wanted = Math.addExact(needed, bytes);
        if (wanted > granted && all.isLimited(account)) {
            // As many again as came before: soon a rare question, and little for what is small.
            long ahead = Math.min(MOST_AHEAD_BYTES, needed);
            if (ahead == 0 || !all.tryGrow(this, wanted - granted + ahead)) {
                all.grow(this, wanted - granted);
                ahead = 0;
            }
            granted = wanted + ahead;
        }
        needed = wanted;
    }

    /**
     * Ends the reservation in the caller's transaction, in which the bytes get their owners: at no
     * time are they counted twice, or not at all.
     */
    public synchronized void settle() {
        if (granted > 0) {
            all.end(this);
        }
    }

    /** Whether there is a row of it to be renewed. */
    synchronized boolean isHeld() {
        return granted > 0;
    }

    /** Gives back what is reserved. */
    @Override
    public synchronized void close() {
        all.forget(this);
        if (granted > 0) {
            all.giveBack(this);
            granted = 0;
        }
    }
}
