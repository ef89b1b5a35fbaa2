package dev.hearth.batch;

import dev.hearth.batch.BatchStoppedException.Why;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Brings a worker's progress to the database twice a second, and finds there whether the prediction
 * is still its own and wanted.
 */
final class BatchProgress implements ResultWriter.Observer {

    private static final long PACE_NANOS = Duration.ofMillis(500).toNanos();

    private final ResultWriter.Observer target;
    private final BatchMeters meters;
    private final BooleanSupplier stopping;
    private final LongSupplier nanoTime;
    private long next;
    private long counted;

    /**
     * @param target writes it; fails where the lease is lost
     * @param stopping whether the process is told to stop
     */
    BatchProgress(
            ResultWriter.Observer target,
            BatchMeters meters,
            BooleanSupplier stopping,
            LongSupplier nanoTime) {
        this.target = target;
        this.meters = meters;
        this.stopping = stopping;
        this.nanoTime = nanoTime;
        this.next = nanoTime.getAsLong();
    }

    @Override
    public void at(long done, long refused) {
        meters.predicted(done - counted);
        counted = done;
        if (stopping.getAsBoolean()) {
            throw new BatchStoppedException(Why.PROCESS_STOPS);
        }
        long now = nanoTime.getAsLong();
        if (now - next >= 0) {
            target.at(done, refused);
            next = now + PACE_NANOS;
        }
    }
}
