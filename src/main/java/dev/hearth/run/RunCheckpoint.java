package dev.hearth.run;

import dev.hearth.storage.Blob;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/**
 * A checkpoint of a run that is stored.
 *
 * @param number from 1, in the order of writing
 * @param epoch how many had ended
 * @param batch mini-batches of the next epoch that were done
 * @param metrics of the last epoch that had ended
 */
record RunCheckpoint(
        RunId run,
        int number,
        int epoch,
        long batch,
        Reason reason,
        Map<String, Double> metrics,
        Blob blob,
        Instant createdAt) {

    /** Why it was written. */
    enum Reason {
        /** It was due. */
        POLICY,
        /** The worker's process is stopping. */
        STOPPING,
        /** Somebody asked for the run to be paused. */
        PAUSE,
        /** The training has ended. */
        END;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Reason of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    /** Whether its metrics are those of its parameters. */
    boolean isBetweenEpochs() {
        return batch == 0 && epoch > 0;
    }

    /** What owns its bytes. */
    String owner() {
        return owner(run, number);
    }

    static String owner(RunId run, int number) {
        return "run:%s:checkpoint:%d".formatted(run, number);
    }
}
