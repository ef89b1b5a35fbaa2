package dev.hearth.dataset;

import dev.hearth.dataset.PreparationStoppedException.Why;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/**
 * What whoever prepares a data set writes to its row. Each write is guarded by the fence of the
 * lease: no row updated means that the data set was cancelled or deleted, or that another worker
 * has claimed it.
 */
@Repository
class LeasedDataset {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    LeasedDataset(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Empty if there is nothing to prepare, for example because it was cancelled. */
    Optional<DatasetLease> claim(DatasetId id, Instant now) {
        return jdbc.sql(
                        """
                        UPDATE dataset SET fence = fence + 1,
                            started_at = coalesce(started_at, :now)
                        WHERE id = :id AND state = 'preparing'
                        RETURNING fence
                        """)
                .param("id", id.value())
                .param("now", Timestamp.from(now))
                .query((row, _) -> new DatasetLease(id, row.getLong("fence")))
                .optional();
    }

    boolean isHeld(DatasetLease lease) {
        return jdbc.sql(
                        """
                        SELECT EXISTS (SELECT 1 FROM dataset
                            WHERE id = :id AND fence = :fence AND state = 'preparing')
                        """)
                .param("id", lease.dataset().value())
                .param("fence", lease.fence())
                .query(Boolean.class)
                .single();
    }

    void progress(DatasetLease lease, double fraction, String doing) {
        require(
                jdbc.sql(
                                """
                                UPDATE dataset SET fraction = :fraction, doing = :doing
                                WHERE id = :id AND fence = :fence AND state = 'preparing'
                                """)
                        .param("id", lease.dataset().value())
                        .param("fence", lease.fence())
                        .param("fraction", fraction)
                        .param("doing", doing)
                        .update());
    }

    void ready(DatasetLease lease, Contents contents, Report report, Instant now) {
        require(
                jdbc.sql(
                                """
                                UPDATE dataset SET state = 'ready', fraction = 1, doing = '',
                                    table_hash = :table, table_bytes = :tableBytes,
                                    row_count = :rows, columns = :columns::json,
                                    blocks = :blocks::json, report = :report::json,
                                    started_at = coalesce(started_at, :now), finished_at = :now
                                WHERE id = :id AND fence = :fence AND state = 'preparing'
                                """)
                        .param("id", lease.dataset().value())
                        .param("fence", lease.fence())
                        .param("table", contents.table().hash().hex())
                        .param("tableBytes", contents.table().sizeBytes())
                        .param("rows", contents.rows())
                        .param("columns", json.writeValueAsString(contents.columns()))
                        .param("blocks", json.writeValueAsString(contents.blocks()))
                        .param("report", json.writeValueAsString(report))
                        .param("now", Timestamp.from(now))
                        .update());
    }

    void rejected(DatasetLease lease, Rejection rejection, Instant now) {
        require(
                jdbc.sql(
                                """
                                UPDATE dataset SET state = 'rejected', doing = '',
                                    rejection = :rejection::json, finished_at = :now
                                WHERE id = :id AND fence = :fence AND state = 'preparing'
                                """)
                        .param("id", lease.dataset().value())
                        .param("fence", lease.fence())
                        .param("rejection", json.writeValueAsString(rejection))
                        .param("now", Timestamp.from(now))
                        .update());
    }

    private static void require(int updated) {
        if (updated == 0) {
            throw new PreparationStoppedException(Why.LEASE_LOST);
        }
    }
}
