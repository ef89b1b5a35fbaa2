package dev.hearth.run;

import dev.hearth.spec.CheckpointPolicy;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/** Tells when a run's next checkpoint is due. */
final class CheckpointPace {

    /**
     * What a run may lose that does not say otherwise: no more, and no less where that is cheap.
     */
    private static final long LEAST_NANOS = Duration.ofSeconds(10).toNanos();

    private static final long LONG_EPOCH_NANOS = Duration.ofMinutes(10).toNanos();

    /** Of a run's time, writing takes at most one part in so many. */
    private static final long SHARE = 20;

    private final CheckpointPolicy policy;
    private final LongSupplier nanoTime;
    private long lastEnd;
    private long lastTook;

    CheckpointPace(CheckpointPolicy policy, LongSupplier nanoTime) {
        this.policy = policy;
        this.nanoTime = nanoTime;
        this.lastEnd = nanoTime.getAsLong();
    }

    boolean isDueWithinEpoch() {
        return since()
                >= (policy.isPaced()
                        ? Math.max(LONG_EPOCH_NANOS, SHARE * lastTook)
                        : policy.everyTime().map(Duration::toNanos).orElse(Long.MAX_VALUE));
    }

    /**
     * @param epoch that has ended
     */
    boolean isDueAfter(int epoch) {
        if (policy.isPaced()) {
            return since() >= Math.max(LEAST_NANOS, SHARE * lastTook);
        }
        OptionalInt every = policy.everyEpochs();
        return isDueWithinEpoch() || (every.isPresent() && epoch % every.getAsInt() == 0);
    }

    private long since() {
        return nanoTime.getAsLong() - lastEnd;
    }

    /** Does it, and takes its time. */
    void taking(Runnable work) {
        long begin = nanoTime.getAsLong();
        work.run();
        lastEnd = nanoTime.getAsLong();
        lastTook = lastEnd - begin;
    }
}
