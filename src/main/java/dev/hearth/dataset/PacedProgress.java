package dev.hearth.dataset;

import dev.hearth.dataset.PreparationStoppedException.Why;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Writes a worker's progress once a second, however often it is told. */
final class PacedProgress implements PreparationProgress {

    private static final long PACE_NANOS = Duration.ofSeconds(1).toNanos();

    private final PreparationProgress target;
    private final BooleanSupplier stopping;
    private final LongSupplier nanoTime;
    private long next;

    /**
     * @param target where it is written; fails where the lease is lost
     * @param stopping whether the process stops
     */
    PacedProgress(PreparationProgress target, BooleanSupplier stopping, LongSupplier nanoTime) {
        this.target = target;
        this.stopping = stopping;
        this.nanoTime = nanoTime;
        this.next = nanoTime.getAsLong();
    }

    @Override
    public void at(double fraction, String what) {
        if (stopping.getAsBoolean()) {
            throw new PreparationStoppedException(Why.PROCESS_STOPS);
        }
        long now = nanoTime.getAsLong();
        if (now - next >= 0) {
            target.at(fraction, what);
            next = now + PACE_NANOS;
        }
    }
}
