package dev.hearth.job;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import java.time.InstantSource;
import java.util.OptionalLong;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Jobs that wait for a worker, kept in the database. First come, first served.
 *
 * <p>All methods take part in the caller's transaction.
 */
public final class JobQueue {

    private final SchedulerClient client;
    private final Doorbell doorbell;
    private final JdbcClient sql;
    private final InstantSource time;

    JobQueue(SchedulerClient client, Doorbell doorbell, JdbcClient sql, InstantSource time) {
        this.client = client;
        this.doorbell = doorbell;
        this.sql = sql;
        this.time = time;
    }

    /**
     * Puts a job at the end of the queue; one that is there already stays where it is. Workers of
     * this process hear of it as soon as the transaction commits.
     *
     * @param kind the {@link JobHandler#kind()} that does it
     * @param id what the handler is given
     */
    public void enqueue(String kind, String id) {
        client.scheduleIfNotExists(new TaskInstance<>(kind, id), time.instant());
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

    /**
     * How many jobs of the same kind wait before this one; 0 means that it is next, and empty that
     * it does not wait.
     */
    public OptionalLong position(String kind, String id) {
        var before =
                sql.sql(
                                """
                                SELECT (SELECT count(*)
                                        FROM scheduled_tasks other
                                        WHERE other.task_name = mine.task_name
                                          AND NOT other.picked
                                          AND (other.execution_time, other.task_instance)
                                              < (mine.execution_time, mine.task_instance))
                                FROM scheduled_tasks mine
                                WHERE mine.task_name = :kind
                                  AND mine.task_instance = :id
                                  AND NOT mine.picked
                                """)
                        .param("kind", kind)
                        .param("id", id)
                        .query(Long.class)
                        .optional();
        return before.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    /**
     * A job has come further and will go on from there if its worker dies: how often that has
     * happened before no longer counts against it.
     */
    public void progressed(String kind, String id) {
        sql.sql(
                        """
                        UPDATE scheduled_tasks SET consecutive_failures = 0
                        WHERE task_name = :kind AND task_instance = :id AND consecutive_failures > 0
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
