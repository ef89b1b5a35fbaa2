package dev.hearth.serving;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How requests to one model version are computed together.
 *
 * @param maxBatchRows the most rows of a batch; a request with more is computed alone
 * @param maxDelay how long a batch that is not full waits for more requests. With none, a batch is
 *     what came while the one before was computed, so nobody ever waits for others
 * @param instances how many batches of the version are computed at once
 * @param maxWaiting how many requests may wait; one more is refused
 */
record BatchLimits(
        @DefaultValue("256") int maxBatchRows,
        @DefaultValue("0ms") Duration maxDelay,
        @DefaultValue("2147483647") int instances,
        @DefaultValue("256") int maxWaiting) {

    BatchLimits {
        if (maxBatchRows < 1 || instances < 1 || maxWaiting < 1) {
            throw new IllegalArgumentException(
                    "hearth.serving: max-batch-rows, instances and max-waiting have to be at least"
                            + " 1");
        }
        if (maxDelay.isNegative() || maxDelay.compareTo(Duration.ofSeconds(10)) > 0) {
            throw new IllegalArgumentException(
                    "hearth.serving: max-delay has to be from 0ms to 10s, got " + maxDelay);
        }
    }

    /** For work that is not joined, of which a version has one piece at a time. */
    BatchLimits oneByOne() {
        return new BatchLimits(1, Duration.ZERO, 1, maxWaiting);
    }
}
