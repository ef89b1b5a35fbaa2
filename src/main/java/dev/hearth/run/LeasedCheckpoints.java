package dev.hearth.run;

import dev.hearth.problem.ProblemException;
import dev.hearth.train.Checkpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a worker's checkpoints of a run go. */
final class LeasedCheckpoints {

    private static final Logger log = LoggerFactory.getLogger(LeasedCheckpoints.class);

    /** Told how checkpoints fare. */
    interface Watch {

        void stored(long sizeBytes, Duration took);

        /** One could not be stored. */
        void failed();

        /**
         * The first since one could be stored.
         *
         * @param why in a sentence for whoever follows the run
         */
        void failing(String why);
    }

    private final Lease lease;
    private final RunCheckpoints checkpoints;
    private final Keeping keeping;
    private final Map<String, String> origin;
    private final Watch watch;
    private boolean failing;

    /**
     * @param origin what is written into each
     * @param watch told how they fare
     */
    LeasedCheckpoints(
            Lease lease,
            RunCheckpoints checkpoints,
            Keeping keeping,
            Map<String, String> origin,
            Watch watch) {
        this.lease = lease;
        this.checkpoints = checkpoints;
        this.keeping = keeping;
        this.origin = origin;
        this.watch = watch;
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
            long begin = System.nanoTime();
            long sizeBytes = checkpoints.write(entry, keeping, guarded);
            watch.stored(sizeBytes, Duration.ofNanos(System.nanoTime() - begin));
            failing = false;
            return true;
        } catch (IOException | ProblemException e) {
            log.error("a checkpoint could not be written", e);
            watch.failed();
            if (!failing) {
                watch.failing(
                        "a checkpoint after epoch %d could not be stored: %s; the run goes on, and"
                                        .formatted(checkpoint.epochs(), RunFailure.words(e))
                                + " further ones are tried");
            }
            failing = true;
            return false;
        }
    }
}
