package dev.hearth.serving;

import dev.hearth.http.Owner;
import dev.hearth.model.ModelName;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The SQL of golden rows. */
@Repository
class GoldenRowsTable {

    /**
     * The golden rows of a model.
     *
     * @param rows as they were sent, in their order
     */
    record Stored(JsonNode rows, Owner changedBy, Instant changedAt) {}

    private final JdbcClient jdbc;
    private final JsonMapper json;

    GoldenRowsTable(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    Optional<Stored> find(ModelName model) {
        return jdbc.sql("SELECT * FROM golden_rows WHERE model = :model")
                .param("model", model.value())
                .query((row, _) ->
                        new Stored(
                                json.readTree(row.getString("rows")),
                                new Owner(row.getString("changed_by")),
                                row.getTimestamp("changed_at").toInstant()))
                .optional();
    }

    void put(ModelName model, Stored stored) {
        jdbc.sql(
                        """
                        INSERT INTO golden_rows (model, rows, changed_by, changed_at)
                        VALUES (:model, :rows::json, :by, :at)
                        ON CONFLICT (model) DO UPDATE
                        SET rows = excluded.rows, changed_by = excluded.changed_by,
                            changed_at = excluded.changed_at
                        """)
                .param("model", model.value())
                .param("rows", stored.rows().toString())
                .param("by", stored.changedBy().name())
                .param("at", Timestamp.from(stored.changedAt()))
                .update();
    }

    boolean delete(ModelName model) {
        return jdbc.sql("DELETE FROM golden_rows WHERE model = :model")
                        .param("model", model.value())
                        .update()
                > 0;
    }
}
