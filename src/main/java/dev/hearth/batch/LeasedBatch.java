package dev.hearth.batch;

import dev.hearth.batch.BatchStoppedException.Why;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/**
 * A worker's writes. Each is guarded by the fence of the worker's lease: no row updated means that
 * the prediction was cancelled, or that another worker has claimed it.
 */
@Repository
class LeasedBatch {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    LeasedBatch(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Claims a prediction, which begins again. Empty if it has ended, or there is none. */
    Optional<BatchLease> claim(BatchId id, Instant now) {
        return jdbc.sql(
                        """
                        UPDATE batch_prediction SET fence = fence + 1, state = 'running',
                            rows_done = 0, rows_refused = 0, claimed_at = :now,
                            started_at = coalesce(started_at, :now)
                        WHERE id = :id AND state IN ('queued', 'running')
                        RETURNING fence
                        """)
                .param("id", id.value())
                .param("now", Timestamp.from(now))
                .query((row, _) -> new BatchLease(id, row.getLong("fence")))
                .optional();
    }

    /**
     * How far it is.
     *
     * @throws BatchStoppedException where the lease is lost, as all others do
     */
    void progress(BatchLease lease, long done, long refused) {
        require(
                jdbc.sql(
                                """
                                UPDATE batch_prediction SET rows_done = :done, rows_refused = :refused
                                WHERE id = :id AND fence = :fence AND state = 'running'
                                """)
                        .param("id", lease.batch().value())
                        .param("fence", lease.fence())
                        .param("done", done)
                        .param("refused", refused)
                        .update());
    }

    void succeeded(BatchLease lease, Batch.Result result, Instant now) {
        require(
                jdbc.sql(
                                """
                                UPDATE batch_prediction SET state = 'succeeded', result_hash = :hash,
                                    result_bytes = :bytes, metrics = :metrics::json,
                                    label_scores = :labels::json, target_scores = :targets::json,
                                    finished_at = :now
                                WHERE id = :id AND fence = :fence AND state = 'running'
                                """)
                        .param("id", lease.batch().value())
                        .param("fence", lease.fence())
                        .param("hash", result.file().hash().hex())
                        .param("bytes", result.file().sizeBytes())
                        .param("metrics", json.writeValueAsString(result.scores().metrics()))
                        .param("labels", json.writeValueAsString(result.scores().labels()))
                        .param("targets", json.writeValueAsString(result.scores().targets()))
                        .param("now", Timestamp.from(now))
                        .update());
    }

    void failed(BatchLease lease, Batch.Failure failure, Instant now) {
        require(
                jdbc.sql(
                                """
                                UPDATE batch_prediction SET state = 'failed', problem_code = :code,
                                    problem_detail = :detail, finished_at = :now
                                WHERE id = :id AND fence = :fence AND state = 'running'
                                """)
                        .param("id", lease.batch().value())
                        .param("fence", lease.fence())
                        .param("code", failure.code().name())
                        .param("detail", failure.detail())
                        .param("now", Timestamp.from(now))
                        .update());
    }

    /** Gives the prediction back unfinished, for another worker to claim. */
    void handBack(BatchLease lease) {
        require(
                jdbc.sql(
                                """
                                UPDATE batch_prediction SET state = 'queued', claimed_at = NULL,
                                    rows_done = 0, rows_refused = 0
                                WHERE id = :id AND fence = :fence AND state = 'running'
                                """)
                        .param("id", lease.batch().value())
                        .param("fence", lease.fence())
                        .update());
    }

    private static void require(int updated) {
        if (updated == 0) {
            throw new BatchStoppedException(Why.LEASE_LOST);
        }
    }
}
