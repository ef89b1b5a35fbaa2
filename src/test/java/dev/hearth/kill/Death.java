package dev.hearth.kill;

import org.slf4j.MDC;

/**
 * Ends this process, as {@code kill -9} would, when it comes to a point in writing one of a run's
 * checkpoints.
 */
final class Death {

    static final int STATUS = 9;

    /** The last line of a process that has died: point, run, the last checkpoint's number. */
    static final String WORDS = "died at %s in run %s with checkpoint %d committed";

    private static final String COMMIT = "COMMIT";

    private final DeathPoint point;
    private final int which;

    private String run = "";
    private int stored;
    private int number;
    private int committed;
    private boolean writesRow;
    private boolean looksForOwners;

    /**
     * @param which of the checkpoints that this process writes of a run, from 1; if it does not
     *     come to {@code point}, then the first one after it that does
     */
    Death(DeathPoint point, int which) {
        this.point = point;
        this.which = which;
    }

    /** Whether this thread, of which there is one, trains. */
    boolean isTraining() {
        String now = MDC.get("run_id");
        if (now != null && !now.equals(run)) {
            run = now;
            stored = 0;
            committed = 0;
        }
        return now != null;
    }

    /** The bytes of another checkpoint are going to be written. */
    void storing() {
        stored++;
    }

    /** The number of the checkpoint whose row is going to be written. */
    void number(int next) {
        number = next;
    }

    DeathPoint point() {
        return point;
    }

    void at(DeathPoint here) {
        if (here == point && stored >= which && isTraining()) {
            System.out.println(WORDS.formatted(point, run, committed));
            System.out.flush();
            Runtime.getRuntime().halt(STATUS);
        }
    }

    void before(String statement) {
        if (!isTraining()) {
            return;
        }
        if (statement.startsWith("INSERT INTO run_checkpoint")) {
            at(DeathPoint.BEFORE_THE_ROW);
        } else if (statement.equals(COMMIT)) {
            if (writesRow) {
                at(DeathPoint.BEFORE_THE_COMMIT);
            } else if (looksForOwners) {
                at(DeathPoint.AFTER_THE_OLD_BYTES_ARE_DELETED);
            }
        } else if (statement.startsWith("INSERT INTO blob_owner") && writesRow) {
            at(DeathPoint.BEFORE_THE_BLOB_IS_OWNED);
        }
    }

    void after(String statement) {
        if (!isTraining()) {
            return;
        }
        if (statement.startsWith("SELECT set_config")) {
            at(DeathPoint.IN_A_TRANSACTION_THAT_HAS_BEGUN);
        } else if (statement.startsWith("UPDATE run SET fraction")) {
            at(DeathPoint.PROGRESS_WRITTEN);
        } else if (statement.startsWith("INSERT INTO run_epoch")) {
            at(DeathPoint.METRICS_WRITTEN);
        } else if (statement.startsWith("INSERT INTO run_checkpoint")) {
            writesRow = true;
            at(DeathPoint.AFTER_THE_ROW);
        } else if (statement.startsWith("INSERT INTO blob_owner") && writesRow) {
            at(DeathPoint.AFTER_THE_BLOB_IS_OWNED);
        } else if (statement.startsWith("DELETE FROM run_checkpoint")) {
            at(DeathPoint.OLD_ROW_DELETED);
        } else if (statement.startsWith("SELECT EXISTS (SELECT 1 FROM blob_owner")) {
            looksForOwners = true;
            at(DeathPoint.BEFORE_THE_OLD_BYTES_ARE_DELETED);
        } else if (statement.equals(COMMIT)) {
            looksForOwners = false;
            if (writesRow) {
                writesRow = false;
                committed = number;
                at(DeathPoint.AFTER_THE_COMMIT);
            }
        }
    }

    void committing() {
        before(COMMIT);
    }

    void committed() {
        after(COMMIT);
    }
}
