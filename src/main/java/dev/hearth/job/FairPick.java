package dev.hearth.job;

import com.github.kagkarlsson.scheduler.jdbc.JdbcTaskRepositoryContext;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.Execution;
import java.time.Instant;
import java.util.List;

/**
 * Takes the next jobs of a line for free workers, in one statement: db-scheduler asks for it, lends
 * the workers, and keeps the jobs' heartbeats.
 *
 * <p>Several processes may take at the same moment: each passes over what another is taking. A job
 * that a worker had no room for is passed over for a moment, and keeps its place.
 *
 * <p>When a process dies, it is not known which of its jobs brought it down. So those that were in
 * it are tried one at a time on a machine until they have come further, or for ten minutes: the one
 * that is to blame takes none of the others with it again.
 */
final class FairPick extends PostgreSqlJdbcCustomization {

    /** As much as the column of the worker's name is long in db-scheduler's own statements. */
    private static final int NAME_LENGTH = 50;

    private static final String PICK =
            JobLine.CTE
                    + """
                    , suspects AS (
                        SELECT line.place
                        FROM scheduled_tasks AS job JOIN line USING (task_name, task_instance), given
                        WHERE job.consecutive_failures > 0 AND job.execution_time <= given.now
                          AND (job.not_before IS NULL OR job.not_before <= given.now)),
                    next AS (
                        SELECT job.task_name, job.task_instance, line.place
                        FROM scheduled_tasks AS job JOIN line USING (task_name, task_instance), given
                        WHERE NOT job.picked AND job.execution_time <= given.now
                          AND (job.not_before IS NULL OR job.not_before <= given.now)
                          AND (coalesce(job.consecutive_failures, 0) = 0
                            OR line.place = (SELECT min(place) FROM suspects)
                              AND NOT EXISTS (
                                SELECT 1 FROM scheduled_tasks AS other
                                WHERE other.picked AND other.picked_by = ?
                                  AND other.task_name = ANY (given.kinds)
                                  AND other.consecutive_failures > 0
                                  AND other.picked_at > given.now - interval '10 minutes'))
                        ORDER BY line.place LIMIT ?
                        FOR UPDATE OF job SKIP LOCKED),
                    taken AS (
                        UPDATE scheduled_tasks AS job
                        SET picked = true, picked_by = ?, picked_at = given.now,
                            last_heartbeat = given.now, version = version + 1
                        FROM next, given
                        WHERE job.task_name = next.task_name AND job.task_instance = next.task_instance
                        RETURNING job.*, next.place)
                    SELECT * FROM taken ORDER BY place
                    """;

    private final String[] kinds;

    /**
     * @param kinds of the jobs that stand in this line
     */
    FairPick(List<String> kinds) {
        super(false, false);
        this.kinds = kinds.toArray(String[]::new);
    }

    @Override
    public List<Execution> lockAndFetchSingleStatement(
            JdbcTaskRepositoryContext context, Instant now, int limit, boolean byPriority) {
        String name = context.schedulerName.getName();
        String worker = name.substring(0, Math.min(NAME_LENGTH, name.length()));
        return context.jdbcRunner.query(
                PICK,
                statement -> {
                    setInstant(statement, 1, now);
                    statement.setArray(2, statement.getConnection().createArrayOf("text", kinds));
                    statement.setString(3, worker);
                    statement.setInt(4, limit);
                    statement.setString(5, worker);
                },
                context.resultSetMapper.get());
    }
}
