package dev.hearth.job;

import java.util.OptionalInt;

/** Does the jobs of one kind. Every bean of this type is found by itself. */
public interface JobHandler {

    /** The name of the kind; kept in the database, so it never changes. */
    String kind();

    /**
     * Whether its jobs compute on a device. They then wait for one of the devices' workers, unless
     * {@link #ownWorkers} has others, and the time that they take counts for their owner; other
     * jobs have workers of their own and never wait behind them.
     */
    default boolean needsDevice() {
        return true;
    }

    /**
     * Whether its jobs, which need no device, take a moment only. They then have a worker of their
     * own, and never wait behind long ones.
     */
    default boolean isBrief() {
        return false;
    }

    /**
     * How many workers of each process do jobs of this kind and nothing else, so that they neither
     * wait behind jobs of other kinds nor keep those waiting; empty where they share workers.
     */
    default OptionalInt ownWorkers() {
        return OptionalInt.empty();
    }

    /**
     * Does the job. It may be called again for the same job, after a crash even for one that was
     * finished, and so begins by looking at what is already done.
     *
     * @param id what was given to {@link JobQueue#enqueue}
     * @throws Exception to be tried again: as often as it takes where it is one that {@link
     *     dev.hearth.problem.Passing} explains, such as the storage being away, else a few times; a
     *     job that failed for a reason of its own records that and returns {@link JobOutcome#DONE}
     */
    JobOutcome execute(String id, JobContext context) throws Exception;

    /**
     * The job was tried as often as is allowed and leaves the queue. Called in the transaction that
     * removes it, by any process that has workers.
     *
     * @param reason a sentence for whoever waits for the job
     */
    void abandoned(String id, String reason);
}
