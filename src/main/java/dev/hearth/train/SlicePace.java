package dev.hearth.train;

import java.time.Duration;

/** Chooses how many steps one call into the program takes, from how long the last ones took. */
final class SlicePace {

    private static final long FIRST = 1;

    // Bounds the answer of one call, which is a few numbers a step.
    private static final long MOST = 100_000;

    private final long targetNanos;
    private double nanosPerStep;

    SlicePace(Duration target) {
        this.targetNanos = target.toNanos();
    }

    int next(long remaining) {
        long steps = nanosPerStep == 0 ? FIRST : (long) (targetNanos / nanosPerStep);
        return (int) Math.clamp(steps, 1, Math.min(remaining, MOST));
    }

    void took(long steps, long nanos) {
        nanosPerStep = Math.max(1, (double) nanos / steps);
    }
}
