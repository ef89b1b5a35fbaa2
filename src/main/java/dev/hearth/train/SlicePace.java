package dev.hearth.train;

import java.time.Duration;

/** Chooses how many steps one call into the program takes, from how long the last ones took. */
final class SlicePace {

    private static final long FIRST = 16;

    private final long targetNanos;
    private double nanosPerStep;

    SlicePace(Duration target) {
        this.targetNanos = target.toNanos();
    }

    long next(long remaining) {
        long steps = nanosPerStep == 0 ? FIRST : (long) (targetNanos / nanosPerStep);
        return Math.clamp(steps, 1, remaining);
    }

    void took(long steps, long nanos) {
        nanosPerStep = Math.max(1, (double) nanos / steps);
    }
}
