package dev.hearth.run;

import dev.hearth.http.Owner;
import dev.hearth.storage.Blob;
import dev.hearth.storage.Sha256;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The SQL of checkpoints. */
@Repository
class CheckpointTable {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    CheckpointTable(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** The run's row is locked by the caller, so that nobody else takes the number. */
    int nextNumber(RunId run) {
        return jdbc.sql(
                        "SELECT coalesce(max(number), 0) + 1 FROM run_checkpoint WHERE run_id = :run")
                .param("run", run.value())
                .query(Integer.class)
                .single();
    }

    /** Whose run it is. */
    Owner owner(RunId run) {
        return new Owner(
                jdbc.sql("SELECT owner FROM run WHERE id = :run")
                        .param("run", run.value())
                        .query(String.class)
                        .single());
    }

    void insert(RunCheckpoint checkpoint, long fence) {
        jdbc.sql(
                        """
                        INSERT INTO run_checkpoint (run_id, number, fence, epoch, batch, reason, metrics,
                            sha256, size_bytes, created_at)
                        VALUES (:run, :number, :fence, :epoch, :batch, :reason, :metrics::json,
                            :sha256, :size, :created)
                        """)
                .param("run", checkpoint.run().value())
                .param("number", checkpoint.number())
                .param("fence", fence)
                .param("epoch", checkpoint.epoch())
                .param("batch", checkpoint.batch())
                .param("reason", checkpoint.reason().text())
                .param("metrics", json.writeValueAsString(checkpoint.metrics()))
                .param("sha256", checkpoint.blob().hash().hex())
                .param("size", checkpoint.blob().sizeBytes())
                .param("created", Timestamp.from(checkpoint.createdAt()))
                .update();
    }

    void delete(RunCheckpoint checkpoint) {
        jdbc.sql("DELETE FROM run_checkpoint WHERE run_id = :run AND number = :number")
                .param("run", checkpoint.run().value())
                .param("number", checkpoint.number())
                .update();
    }

    /** Newest first. */
    List<RunCheckpoint> all(RunId run) {
        return jdbc.sql("SELECT * FROM run_checkpoint WHERE run_id = :run ORDER BY number DESC")
                .param("run", run.value())
                .query(this::checkpoint)
                .list();
    }

    Optional<RunCheckpoint> find(RunId run, int number) {
        return jdbc.sql("SELECT * FROM run_checkpoint WHERE run_id = :run AND number = :number")
                .param("run", run.value())
                .param("number", number)
                .query(this::checkpoint)
                .optional();
    }

    private RunCheckpoint checkpoint(ResultSet row, int index) throws SQLException {
        return new RunCheckpoint(
                new RunId(row.getObject("run_id", UUID.class)),
                row.getInt("number"),
                row.getInt("epoch"),
                row.getLong("batch"),
                RunCheckpoint.Reason.of(row.getString("reason")),
                json.readValue(
                        row.getString("metrics"), new TypeReference<Map<String, Double>>() {}),
                new Blob(new Sha256(row.getString("sha256")), row.getLong("size_bytes")),
                row.getTimestamp("created_at").toInstant());
    }
}
