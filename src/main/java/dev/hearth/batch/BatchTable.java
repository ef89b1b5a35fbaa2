package dev.hearth.batch;

import dev.hearth.dataset.DatasetId;
import dev.hearth.http.Cursor;
import dev.hearth.job.JobRank;
import dev.hearth.model.AliasName;
import dev.hearth.model.ModelName;
import dev.hearth.problem.ProblemCode;
import dev.hearth.spec.Evaluation;
import dev.hearth.storage.Blob;
import dev.hearth.storage.Sha256;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The SQL of predictions over data sets, but for what their workers write. */
@Repository
class BatchTable {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    BatchTable(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** One that waits for a worker. */
    void insert(BatchId id, NewBatch asked, long rows, Instant now) {
        jdbc.sql(
                        """
                        INSERT INTO batch_prediction (id, owner, priority, name, model, version,
                            alias, dataset_id, columns, state, row_count, created_at)
                        VALUES (:id, :owner, :priority, :name, :model, :version, :alias,
                            :dataset, :columns, 'queued', :rows, :now)
                        """)
                .param("id", id.value())
                .param("owner", asked.rank().owner())
                .param("priority", asked.rank().priority())
                .param("name", asked.name().orElse(null))
                .param("model", asked.model().value())
                .param("version", asked.version())
                .param("alias", asked.alias().map(AliasName::value).orElse(null))
                .param("dataset", asked.dataset().value())
                .param("columns", asked.columns().toArray(String[]::new))
                .param("rows", rows)
                .param("now", Timestamp.from(now))
                .update();
    }

    Optional<Batch> find(BatchId id) {
        return jdbc.sql("SELECT * FROM batch_prediction WHERE id = :id")
                .param("id", id.value())
                .query(this::batch)
                .optional();
    }

    /** Which ones are listed; empty for all. */
    record Filter(Optional<ModelName> model, Optional<BatchState> state) {}

    /** Newest first. */
    List<Batch> page(Filter filter, Optional<Cursor> after, int limit) {
        return jdbc.sql(
                        """
                        SELECT * FROM batch_prediction
                        WHERE (:model::text IS NULL OR model = :model)
                          AND (:state::text IS NULL OR state = :state)
                          AND (:created::timestamptz IS NULL
                            OR (created_at, id) < (:created, :id::uuid))
                        ORDER BY created_at DESC, id DESC LIMIT :limit
                        """)
                .param("model", filter.model().map(ModelName::value).orElse(null))
                .param("state", filter.state().map(BatchState::text).orElse(null))
                .param("created", after.map(c -> Timestamp.from(c.createdAt())).orElse(null))
                .param("id", after.map(Cursor::id).orElse(null))
                .param("limit", limit)
                .query(this::batch)
                .list();
    }

    /** The oldest one that needs the data set. */
    Optional<Batch> unfinished(DatasetId dataset) {
        return jdbc.sql(
                        """
                        SELECT * FROM batch_prediction
                        WHERE dataset_id = :dataset AND state IN ('queued', 'running')
                        ORDER BY created_at LIMIT 1
                        """)
                .param("dataset", dataset.value())
                .query(this::batch)
                .optional();
    }

    /** The oldest one that needs the version. */
    Optional<Batch> unfinished(ModelName model, int version) {
        return jdbc.sql(
                        """
                        SELECT * FROM batch_prediction
                        WHERE model = :model AND version = :version
                          AND state IN ('queued', 'running')
                        ORDER BY created_at LIMIT 1
                        """)
                .param("model", model.value())
                .param("version", version)
                .query(this::batch)
                .optional();
    }

    long count(BatchState state) {
        return jdbc.sql("SELECT count(*) FROM batch_prediction WHERE state = :state")
                .param("state", state.text())
                .query(Long.class)
                .single();
    }

    /** False if it has ended already. Its worker's next write finds that it is no more running. */
    boolean cancel(BatchId id, Instant now) {
        return jdbc.sql(
                                """
                                UPDATE batch_prediction SET state = 'cancelled', finished_at = :now
                                WHERE id = :id AND state IN ('queued', 'running')
                                """)
                        .param("id", id.value())
                        .param("now", Timestamp.from(now))
                        .update()
                == 1;
    }

    /** Ends one whose job leaves the queue undone. */
    void abandon(BatchId id, Batch.Failure failure, Instant now) {
        jdbc.sql(
                        """
                        UPDATE batch_prediction SET state = 'failed', problem_code = :code,
                            problem_detail = :detail, finished_at = :now
                        WHERE id = :id AND state IN ('queued', 'running')
                        """)
                .param("id", id.value())
                .param("code", failure.code().name())
                .param("detail", failure.detail())
                .param("now", Timestamp.from(now))
                .update();
    }

    /** False if there is none that has ended. */
    boolean delete(BatchId id) {
        return jdbc.sql(
                                """
                                DELETE FROM batch_prediction
                                WHERE id = :id AND state IN ('succeeded', 'failed', 'cancelled')
                                """)
                        .param("id", id.value())
                        .update()
                == 1;
    }

    private Batch batch(ResultSet row, int index) throws SQLException {
        return new Batch(
                new BatchId(row.getObject("id", UUID.class)),
                new NewBatch(
                        Optional.ofNullable(row.getString("name")),
                        new ModelName(row.getString("model")),
                        row.getInt("version"),
                        Optional.ofNullable(row.getString("alias")).map(AliasName::new),
                        new DatasetId(row.getObject("dataset_id", UUID.class)),
                        List.of((String[]) row.getArray("columns").getArray()),
                        new JobRank(row.getString("owner"), row.getInt("priority"))),
                BatchState.of(row.getString("state")),
                new Batch.Progress(
                        row.getLong("row_count"),
                        row.getLong("rows_done"),
                        row.getLong("rows_refused"),
                        time(row, "claimed_at")),
                failure(row),
                result(row),
                new Batch.Times(
                        row.getTimestamp("created_at").toInstant(),
                        time(row, "started_at"),
                        time(row, "finished_at")));
    }

    private static Optional<Batch.Failure> failure(ResultSet row) throws SQLException {
        String code = row.getString("problem_code");
        return code == null
                ? Optional.empty()
                : Optional.of(
                        new Batch.Failure(
                                ProblemCode.valueOf(code), row.getString("problem_detail")));
    }

    private Optional<Batch.Result> result(ResultSet row) throws SQLException {
        String hash = row.getString("result_hash");
        return hash == null
                ? Optional.empty()
                : Optional.of(
                        new Batch.Result(
                                new Blob(new Sha256(hash), row.getLong("result_bytes")),
                                new Batch.Scores(
                                        json.readValue(
                                                row.getString("metrics"),
                                                new TypeReference<Map<String, Double>>() {}),
                                        json.readValue(
                                                row.getString("label_scores"),
                                                new TypeReference<
                                                        List<Evaluation.LabelScore>>() {}),
                                        json.readValue(
                                                row.getString("target_scores"),
                                                new TypeReference<
                                                        List<Evaluation.TargetScore>>() {}))));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }
}
