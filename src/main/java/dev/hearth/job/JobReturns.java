package dev.hearth.job;

import com.github.kagkarlsson.scheduler.task.Execution;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How jobs come back to the queue that have not ended, by no fault of theirs: each keeps its place,
 * and its failures are as many as before.
 */
final class JobReturns {

    private static final Logger log = LoggerFactory.getLogger(JobReturns.class);

    /** Long enough for other jobs to be taken, short enough not to matter to who waits. */
    static final Duration PAUSE = Duration.ofSeconds(2);

    /** After the first time that what a job needs is away. */
    private static final Duration SHORTEST_DELAY = Duration.ofSeconds(5);

    /** However long it is away. */
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(5);

    private final JdbcClient sql;
    private final InstantSource time;

    JobReturns(JdbcClient sql, InstantSource time) {
        this.sql = sql;
        this.time = time;
    }

    /** For any worker to take. */
    void handedBack(Execution execution) {
        giveBack(execution, "not_before = :now::timestamptz, delays = 0");
    }

    /** For a worker with room for it, after a moment in which others are taken. */
    void withoutRoom(Execution execution) {
        giveBack(
                execution,
                "not_before = :now::timestamptz + :pause * interval '1 second', delays = 0");
    }

    /** For when the storage is there again or has room: each time in a row twice as long after. */
    void withoutStorage(Execution execution) {
        giveBack(
                execution,
                """
                not_before = :now::timestamptz + least(:longest, :shortest * power(2, least(delays, 30)))
                    * interval '1 second',
                delays = delays + 1, waits_for = 'storage'
                """);
    }

    /**
     * Unless somebody else has it by now, as after heartbeats that came too late.
     *
     * @param change of what the queue knows of it
     */
    private void giveBack(Execution execution, String change) {
        var job = execution.taskInstance;
        int rows =
                sql.sql(
                                """
                                UPDATE scheduled_tasks SET picked = false, picked_by = NULL,
                                    last_heartbeat = NULL, version = version + 1, %s
                                WHERE task_name = :kind AND task_instance = :id
                                  AND picked AND version = :version
                                """
                                        .formatted(change))
                        .param("now", Timestamp.from(time.instant()))
                        .param("pause", PAUSE.toSeconds())
                        .param("shortest", SHORTEST_DELAY.toSeconds())
                        .param("longest", LONGEST_DELAY.toSeconds())
                        .param("kind", job.getTaskName())
                        .param("id", job.getId())
                        .param("version", execution.version)
                        .update();
        if (rows == 0) {
            log.warn("Job {} could not be given back: another worker has it by now", job);
        }
    }
}
