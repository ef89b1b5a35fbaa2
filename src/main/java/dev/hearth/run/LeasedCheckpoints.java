package dev.hearth.run;

import dev.hearth.problem.ProblemException;
import dev.hearth.train.Checkpoint;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a worker's checkpoints of a run go. */
final class LeasedCheckpoints {

    private static final Logger log = LoggerFactory.getLogger(LeasedCheckpoints.class);

    private final Lease lease;
    private final RunCheckpoints checkpoints;
    private final Keeping keeping;
    private final Map<String, String> origin;
    private final Consumer<String> failed;
    private boolean failing;

    /**
     * @param origin what is written into each
     * @param failed told why one could not be written, and not again before one could
     */
    LeasedCheckpoints(
            Lease lease,
            RunCheckpoints checkpoints,
            Keeping keeping,
            Map<String, String> origin,
            Consumer<String> failed) {
        this.lease = lease;
        this.checkpoints = checkpoints;
        this.keeping = keeping;
        this.origin = origin;
        this.failed = failed;
    }

    /**
     * Writes one. If that cannot be done, the run goes on, and so do the checkpoints that it has.
     *
     * @param metrics of the last epoch that has ended
     * @param guarded writes the run's progress under the lease
     * @return whether it was written, and the progress with it
     */
    boolean write(
            Checkpoint checkpoint,
            RunCheckpoint.Reason reason,
            Map<String, Double> metrics,
            Runnable guarded) {
        var entry = new RunCheckpoints.Entry(lease, checkpoint, reason, metrics, origin);
        try {
            checkpoints.write(entry, keeping, guarded);
            failing = false;
            return true;
        } catch (IOException | ProblemException e) {
            log.error("a checkpoint could not be written", e);
            if (!failing) {
                failed.accept(
                        "a checkpoint after epoch %d could not be stored: %s; the run goes on, and"
                                        .formatted(checkpoint.epochs(), RunFailure.words(e))
                                + " further ones are tried");
            }
            failing = true;
            return false;
        }
    }
}
