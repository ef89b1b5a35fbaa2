package dev.hearth.job;

import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Remembers for how long each owner's jobs have had a device. */
final class JobUse {

    private static final Logger log = LoggerFactory.getLogger(JobUse.class);

    private final JdbcClient sql;
    private final InstantSource time;

    JobUse(JdbcClient sql, InstantSource time) {
        this.sql = sql;
        this.time = time;
    }

    /** A worker is done with a job that it has had until now. */
    void ended(String kind, String id) {
        ended(kind, id, time.instant());
    }

    /** A worker had a job, and was last heard of at that time. */
    void ended(String kind, String id, Instant until) {
        try {
            sql.sql(
                            """
                            INSERT INTO job_use AS had (owner, seconds, at)
                            SELECT owner, greatest(0, extract(epoch FROM :until - picked_at)), :until
                            FROM scheduled_tasks
                            WHERE task_name = :kind AND task_instance = :id AND picked_at IS NOT NULL
                            ON CONFLICT (owner) DO UPDATE SET
                                seconds = excluded.seconds + had.seconds
                                    * power(0.5, greatest(0, extract(epoch FROM excluded.at - had.at)) / :half),
                                at = greatest(had.at, excluded.at)
                            """)
                    .param("until", Timestamp.from(until))
                    .param("kind", kind)
                    .param("id", id)
                    .param("half", JobLine.HALF_LIFE_SECONDS)
                    .update();
        } catch (DataAccessException e) {
            // How the job ended matters more than fairness to the second.
            log.warn("It could not be recorded how long job {} {} took", kind, id, e);
        }
    }
}
