package dev.hearth.job;

import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Jobs that wait for a worker, kept in the database, and taken in the order of {@link JobLine}.
 *
 * <p>All methods take part in the caller's transaction.
 */
public final class JobQueue {

    private final Doorbell doorbell;
    private final JdbcClient sql;
    private final InstantSource time;

    JobQueue(Doorbell doorbell, JdbcClient sql, InstantSource time) {
        this.doorbell = doorbell;
        this.sql = sql;
        this.time = time;
    }

    /** Puts a job in the queue that nobody in particular waits for. */
    public void enqueue(String kind, String id) {
        enqueue(kind, id, JobRank.ORDINARY);
    }

    /**
     * Puts a job in the queue; one that is there already stays where it is. Workers of this process
     * hear of it as soon as the transaction commits.
     *
     * @param kind the {@link JobHandler#kind()} that does it
     * @param id what the handler is given
     */
    public void enqueue(String kind, String id, JobRank rank) {
        sql.sql(
                        """
                        INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked,
                            version, priority, owner)
                        VALUES (:kind, :id, :now, false, 1, :priority, :owner)
                        ON CONFLICT (task_name, task_instance) DO NOTHING
                        """)
                .param("kind", kind)
                .param("id", id)
                .param("now", Timestamp.from(time.instant()))
                .param("priority", rank.priority())
                .param("owner", rank.owner())
                .update();
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(
                    new TransactionSynchronization() {
                        @Override
                        public void afterCommit() {
                            doorbell.ring();
                        }
                    });
        } else {
            doorbell.ring();
        }
    }

    /** The jobs of a kind that wait, in the order in which they will be taken as things stand. */
    public List<String> line(String kind) {
        return sql.sql(JobLine.CTE + "SELECT task_instance FROM line ORDER BY place")
                .param(Timestamp.from(time.instant()))
                .param(new String[] {kind})
                .query(String.class)
                .list();
    }

    /**
     * Why a job waits though its turn has come.
     *
     * @param what it waits for, in a word
     * @return whether that was not known before
     */
    public boolean waitsFor(String kind, String id, String what) {
        return sql.sql(
                                """
                                UPDATE scheduled_tasks SET waits_for = :what
                                WHERE task_name = :kind AND task_instance = :id
                                  AND waits_for IS DISTINCT FROM :what
                                """)
                        .param("what", what)
                        .param("kind", kind)
                        .param("id", id)
                        .update()
                == 1;
    }

    /** A job waits no more for what it has waited for. */
    public void waitsNoMore(String kind, String id) {
        sql.sql(
                        """
                        UPDATE scheduled_tasks SET waits_for = NULL, not_before = NULL
                        WHERE task_name = :kind AND task_instance = :id AND waits_for IS NOT NULL
                        """)
                .param("kind", kind)
                .param("id", id)
                .update();
    }

    /** What jobs of a kind wait for though their turn has come, by their ids. */
    public Map<String, String> waits(String kind) {
        var waits = new HashMap<String, String>();
        sql.sql(
                        """
                        SELECT task_instance, waits_for FROM scheduled_tasks
                        WHERE task_name = :kind AND waits_for IS NOT NULL
                        """)
                .param("kind", kind)
                .query(row -> {
                    waits.put(row.getString(1), row.getString(2));
                });
        return waits;
    }

    /** Since when the job of a kind has waited that has waited longest. */
    public Optional<Instant> oldest(String kind) {
        return Optional.ofNullable(
                        sql.sql(
                                        """
                                        SELECT min(execution_time) FROM scheduled_tasks
                                        WHERE task_name = :kind AND NOT picked
                                        """)
                                .param("kind", kind)
                                .query((row, _) -> row.getTimestamp(1))
                                .list()
                                .getFirst())
                .map(Timestamp::toInstant);
    }

    /**
     * A job has come further and will go on from there if its worker dies: how often that has
     * happened before no longer counts against it, nor how often it has waited for the storage.
     */
    public void progressed(String kind, String id) {
        sql.sql(
                        """
                        UPDATE scheduled_tasks SET consecutive_failures = 0, delays = 0
                        WHERE task_name = :kind AND task_instance = :id
                          AND (consecutive_failures > 0 OR delays > 0)
                        """)
                .param("kind", kind)
                .param("id", id)
                .update();
    }

    /**
     * Takes a waiting job out of the queue.
     *
     * @return whether it was waiting; if not, it runs already, or is done
     */
    public boolean remove(String kind, String id) {
        return sql.sql(
                                """
                                DELETE FROM scheduled_tasks
                                WHERE task_name = :kind AND task_instance = :id AND NOT picked
                                """)
                        .param("kind", kind)
                        .param("id", id)
                        .update()
                == 1;
    }
}
