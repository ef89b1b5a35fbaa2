package dev.hearth.serving;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How many requests are answered in a second, of late: an average in which what is ten seconds old
 * counts a seventh. Guarded by the scheduler's lock.
 */
final class Pace {

    private static final double MEMORY_SECONDS = 5;
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofSeconds(30);

    private double perSecond;
    private long lastNanos;

    void answered(int requests, long nowNanos) {
        perSecond = at(nowNanos) + requests / MEMORY_SECONDS;
        lastNanos = nowNanos;
    }

    /**
     * How long it takes to answer those that wait: from 1 s to 30 s, in whole seconds. Before
     * anything has been answered it is the shortest.
     */
    Duration untilAnswered(int waiting, long nowNanos) {
        double pace = at(nowNanos);
        if (pace == 0) {
            return LEAST;
        }
        double seconds = Math.ceil(waiting / pace);
        return seconds >= MOST.toSeconds()
                ? MOST
                : Duration.ofSeconds(Math.max(LEAST.toSeconds(), (long) seconds));
    }

    private double at(long nowNanos) {
        double passed = (nowNanos - lastNanos) / (double) TimeUnit.SECONDS.toNanos(1);
        return perSecond * Math.exp(-passed / MEMORY_SECONDS);
    }
}
