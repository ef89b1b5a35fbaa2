package dev.hearth.run;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The changes of a run's state that users ask for: each is one guarded statement. */
@Repository
class RunTransitions {

    private final JdbcClient jdbc;

    RunTransitions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Ends a run that no worker has. */
    boolean cancelWaiting(RunId id, Instant now) {
        return jdbc.sql(
                                """
                                UPDATE run SET state = 'cancelled', cancel_requested = true, finished_at = :now
                                WHERE id = :id AND state IN ('queued', 'paused')
                                """)
                        .param("id", id.value())
                        .param("now", Timestamp.from(now))
                        .update()
                > 0;
    }

    boolean requestCancel(RunId id) {
        return jdbc.sql(
                                """
                                UPDATE run SET cancel_requested = true
                                WHERE id = :id AND state IN ('preparing', 'running', 'pausing')
                                """)
                        .param("id", id.value())
                        .update()
                > 0;
    }

    /** Lets a run rest that no worker has. */
    boolean pauseQueued(RunId id) {
        return jdbc.sql("UPDATE run SET state = 'paused' WHERE id = :id AND state = 'queued'")
                        .param("id", id.value())
                        .update()
                > 0;
    }

    boolean requestPause(RunId id) {
        return jdbc.sql(
                                """
                                UPDATE run SET state = 'pausing'
                                WHERE id = :id AND state IN ('preparing', 'running')
                                """)
                        .param("id", id.value())
                        .update()
                > 0;
    }

    /**
     * Queues a run again.
     *
     * @param from the states that this may be done in
     * @return its new job; empty in any other state
     */
    Optional<RunJob> requeue(RunId id, Set<RunState> from) {
        return jdbc.sql(
                        """
                        UPDATE run SET state = 'queued', job = job + 1, cancel_requested = false,
                            device = NULL, finished_at = NULL, problem_code = NULL, problem_detail = NULL
                        WHERE id = :id AND state IN (:from)
                        RETURNING job
                        """)
                .param("id", id.value())
                .param("from", from.stream().map(RunState::text).toList())
                .query((row, _) -> new RunJob(id, row.getInt("job")))
                .optional();
    }

    /** Deletes a run that has ended, with all that is told of it. */
    boolean delete(RunId id) {
        return jdbc.sql(
                                """
                                DELETE FROM run
                                WHERE id = :id AND state IN ('succeeded', 'failed', 'cancelled')
                                """)
                        .param("id", id.value())
                        .update()
                > 0;
    }

    /**
     * Queues a finished run again, for more epochs.
     *
     * @param request the same with more epochs
     * @param from how many epochs it had
     */
    Optional<RunJob> extend(RunId id, String request, int from, int epochs) {
        return jdbc.sql(
                        """
                        UPDATE run SET state = 'queued', job = job + 1, device = NULL, finished_at = NULL,
                            request = :request::json, epochs = :epochs, model_version = NULL,
                            evaluation = NULL, fraction = fraction * :from / :epochs
                        WHERE id = :id AND state = 'succeeded' AND epochs = :from
                        RETURNING job
                        """)
                .param("id", id.value())
                .param("request", request)
                .param("from", from)
                .param("epochs", epochs)
                .query((row, _) -> new RunJob(id, row.getInt("job")))
                .optional();
    }
}
