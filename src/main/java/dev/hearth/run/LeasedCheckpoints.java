package dev.hearth.run;

import dev.hearth.train.Checkpoint;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a worker's checkpoints of a run go.
 *
 * @param origin what is written into each
 * @param failed told why one could not be written
 */
record LeasedCheckpoints(
        Lease lease,
        RunCheckpoints checkpoints,
        Keeping keeping,
        Map<String, String> origin,
        Consumer<String> failed) {

    private static final Logger log = LoggerFactory.getLogger(LeasedCheckpoints.class);

    /**
     * Writes one. If that cannot be done, the run goes on, and so do the checkpoints that it has.
     *
     * @param metrics of the last epoch that has ended
     * @param guarded writes the run's progress under the lease
     */
    void write(
            Checkpoint checkpoint,
            RunCheckpoint.Reason reason,
            Map<String, Double> metrics,
            Runnable guarded) {
        var entry = new RunCheckpoints.Entry(lease, checkpoint, reason, metrics, origin);
        try {
            checkpoints.write(entry, keeping, guarded);
        } catch (IOException e) {
            log.error("a checkpoint could not be written", e);
            failed.accept(
                    "a checkpoint after epoch %d could not be stored; the run goes on"
                            .formatted(checkpoint.epochs()));
        }
    }
}
