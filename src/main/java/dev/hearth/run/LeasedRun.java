package dev.hearth.run;

import dev.hearth.job.WorkerTransactions;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/**
 * A worker's writes. Each is guarded by the fence of the worker's lease: no row updated means that
 * another worker has claimed the run, so nothing of this one counts any more.
 */
@Repository
class LeasedRun {

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final WorkerTransactions transactions;

    LeasedRun(JdbcClient jdbc, JsonMapper json, WorkerTransactions transactions) {
        this.jdbc = jdbc;
        this.json = json;
        this.transactions = transactions;
    }

    /**
     * Claims a run, to go on where its last checkpoint is.
     *
     * @return empty if it has ended, for example because it was cancelled, or is queued with
     *     another job
     */
    Optional<Lease> claim(RunJob job, String device, Instant now) {
        return jdbc.sql(
                        """
                        UPDATE run SET fence = fence + 1, state = 'preparing', device = :device,
                            started_at = coalesce(started_at, :now)
                        WHERE id = :id AND job = :job AND state IN ('queued', 'preparing', 'running')
                        RETURNING fence
                        """)
                .param("id", job.run().value())
                .param("job", job.number())
                .param("device", device)
                .param("now", Timestamp.from(now))
                .query((row, _) -> new Lease(job, row.getLong("fence")))
                .optional();
    }

    /**
     * Pauses a run whose worker was asked to do so and died.
     *
     * @return whether it was one
     */
    boolean pauseOrphan(RunJob job) {
        return jdbc.sql(
                                """
                                UPDATE run SET fence = fence + 1, state = 'paused', device = NULL
                                WHERE id = :id AND job = :job AND state = 'pausing'
                                """)
                        .param("id", job.run().value())
                        .param("job", job.number())
                        .update()
                > 0;
    }

    /** Makes sure of the lease until the end of the transaction. */
    void hold(Lease lease) {
        require(
                lease,
                jdbc.sql("SELECT 1 FROM run WHERE id = :id AND fence = :fence FOR UPDATE")
                        .param("id", lease.run().value())
                        .param("fence", lease.fence())
                        .query(Integer.class)
                        .list()
                        .size());
    }

    void running(Lease lease) {
        require(
                lease,
                jdbc.sql(
                                """
                                UPDATE run SET state = CASE state WHEN 'preparing' THEN 'running' ELSE state END
                                WHERE id = :id AND fence = :fence AND state IN ('preparing', 'pausing')
                                """)
                        .param("id", lease.run().value())
                        .param("fence", lease.fence())
                        .update());
    }

    /**
     * Writes how far the run is, and the epochs that have ended since the last call.
     *
     * @return what somebody asks of it
     */
    Asked progress(Lease lease, double fraction, List<EpochRow> ended) {
        return transactions.call(() -> {
            Asked asked = progress(lease, fraction, ended.isEmpty() ? null : ended.getLast());
            insert(lease, ended);
            return asked;
        });
    }

    private Asked progress(Lease lease, double fraction, @Nullable EpochRow last) {
        return jdbc.sql(
                        """
                        UPDATE run SET fraction = :fraction,
                            epoch = coalesce(:epoch, epoch),
                            metrics = coalesce(:metrics::json, metrics)
                        WHERE id = :id AND fence = :fence AND state IN ('running', 'pausing')
                        RETURNING cancel_requested, state
                        """)
                .param("id", lease.run().value())
                .param("fence", lease.fence())
                .param("fraction", fraction)
                .param("epoch", last == null ? null : last.epoch())
                .param("metrics", last == null ? null : text(last.metrics()))
                .query((row, _) ->
                        row.getBoolean("cancel_requested")
                                ? Asked.CANCEL
                                : row.getString("state").equals("pausing")
                                        ? Asked.PAUSE
                                        : Asked.NOTHING)
                .optional()
                .orElseThrow(() -> new LeaseLostException(lease));
    }

    /**
     * All rows in one statement, since a small model ends thousands of epochs a second. What is
     * done again since the last checkpoint comes to the same, and is written once.
     */
    private void insert(Lease lease, List<EpochRow> ended) {
        if (ended.isEmpty()) {
            return;
        }
        jdbc.sql(
                        """
                        INSERT INTO run_epoch (run_id, epoch, metrics, seconds)
                        SELECT :id, * FROM unnest(:epochs::integer[], :metrics::json[],
                            :seconds::double precision[])
                        ON CONFLICT (run_id, epoch) DO NOTHING
                        """)
                .param("id", lease.run().value())
                .param("epochs", ended.stream().mapToInt(EpochRow::epoch).toArray())
                .param(
                        "metrics",
                        ended.stream().map(row -> text(row.metrics())).toArray(String[]::new))
                .param("seconds", ended.stream().mapToDouble(EpochRow::seconds).toArray())
                .update();
    }

    /**
     * @param modelVersion what it made; empty where that is left to others
     */
    void succeeded(Lease lease, OptionalInt modelVersion, Run.Result result, Instant now) {
        require(
                lease,
                jdbc.sql(
                                """
                                UPDATE run SET state = 'succeeded', fraction = 1,
                                    model_version = :version, result_epoch = :epoch, evaluation = :evaluation::json,
                                    test_evaluation = :test::json,
                                    finished_at = :now
                                WHERE id = :id AND fence = :fence AND state IN ('running', 'pausing')
                                """)
                        .param("id", lease.run().value())
                        .param("fence", lease.fence())
                        .param("version", modelVersion.isPresent() ? modelVersion.getAsInt() : null)
                        .param("epoch", result.epoch())
                        .param(
                                "evaluation",
                                result.evaluations()
                                        .validation()
                                        .map(json::writeValueAsString)
                                        .orElse(null))
                        .param(
                                "test",
                                result.evaluations()
                                        .test()
                                        .map(json::writeValueAsString)
                                        .orElse(null))
                        .param("now", Timestamp.from(now))
                        .update());
    }

    void failed(Lease lease, Run.Failure failure, Instant now) {
        require(
                lease,
                jdbc.sql(
                                """
                                UPDATE run SET state = 'failed', problem_code = :code,
                                    problem_detail = :detail, finished_at = :now
                                WHERE id = :id AND fence = :fence AND state IN ('preparing', 'running', 'pausing')
                                """)
                        .param("id", lease.run().value())
                        .param("fence", lease.fence())
                        .param("code", failure.code().name())
                        .param("detail", failure.detail())
                        .param("now", Timestamp.from(now))
                        .update());
    }

    void cancelled(Lease lease, Instant now) {
        require(
                lease,
                jdbc.sql(
                                """
                                UPDATE run SET state = 'cancelled', finished_at = :now
                                WHERE id = :id AND fence = :fence AND state IN ('preparing', 'running', 'pausing')
                                """)
                        .param("id", lease.run().value())
                        .param("fence", lease.fence())
                        .param("now", Timestamp.from(now))
                        .update());
    }

    /** Lets the run rest until it is resumed. */
    void paused(Lease lease) {
        require(
                lease,
                jdbc.sql(
                                """
                                UPDATE run SET state = 'paused', device = NULL
                                WHERE id = :id AND fence = :fence AND state = 'pausing'
                                """)
                        .param("id", lease.run().value())
                        .param("fence", lease.fence())
                        .update());
    }

    /** Gives the run back unfinished, for another worker to claim. */
    void handBack(Lease lease) {
        require(
                lease,
                jdbc.sql(
                                """
                                UPDATE run SET state = CASE state WHEN 'pausing' THEN state ELSE 'queued' END,
                                    device = NULL
                                WHERE id = :id AND fence = :fence AND state IN ('preparing', 'running', 'pausing')
                                """)
                        .param("id", lease.run().value())
                        .param("fence", lease.fence())
                        .update());
    }

    private static void require(Lease lease, int rows) {
        if (rows == 0) {
            throw new LeaseLostException(lease);
        }
    }

    private String text(Map<String, Double> metrics) {
        return json.writeValueAsString(metrics);
    }
}
