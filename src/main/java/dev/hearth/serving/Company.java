package dev.hearth.serving;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Whether those who ask come one by one or several at a time. */
final class Company {

    /** Where more often than this somebody else asks as well, they do not come one by one. */
    private static final double LONELY = 0.1;

    /** How many of the last ones count. */
    private static final int LATE = 32;

    private final Lock lock = new ReentrantLock();
    private int present;

    /** How often of late there was another one when somebody came, from 0 to 1. */
    private double share;

    /**
     * Somebody asks.
     *
     * @return whether nobody else does, now and of late
     */
    boolean enter() {
        lock.lock();
        try {
            boolean isAlone = present == 0;
            present++;
            share += ((isAlone ? 0 : 1) - share) / LATE;
            return isAlone && share < LONELY;
        } finally {
            lock.unlock();
        }
    }

    /** Has been answered. */
    void leave() {
        lock.lock();
        try {
            present--;
        } finally {
            lock.unlock();
        }
    }
}
