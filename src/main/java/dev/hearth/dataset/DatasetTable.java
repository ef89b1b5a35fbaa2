package dev.hearth.dataset;

import dev.hearth.http.Cursor;
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

/** The SQL of data sets. */
@Repository
class DatasetTable {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    DatasetTable(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    void insert(Dataset dataset, Report report) {
        jdbc.sql(
                        """
                        INSERT INTO dataset (id, name, files, table_hash, table_bytes,
                            row_count, columns, blocks, report, created_at)
                        VALUES (:id, :name, :files::json, :table, :tableBytes,
                            :rows, :columns::json, :blocks::json, :report::json, :created)
                        """)
                .param("id", dataset.id().value())
                .param("name", dataset.name())
                .param("files", json.writeValueAsString(dataset.files()))
                .param("table", dataset.table().hash().hex())
                .param("tableBytes", dataset.table().sizeBytes())
                .param("rows", dataset.rows())
                .param("columns", json.writeValueAsString(dataset.columns()))
                .param("blocks", json.writeValueAsString(dataset.blocks()))
                .param("report", json.writeValueAsString(report))
                .param("created", Timestamp.from(dataset.createdAt()))
                .update();
    }

    Optional<Dataset> find(DatasetId id) {
        return jdbc.sql("SELECT * FROM dataset WHERE id = :id")
                .param("id", id.value())
                .query(this::dataset)
                .optional();
    }

    Optional<String> report(DatasetId id) {
        return jdbc.sql("SELECT report FROM dataset WHERE id = :id")
                .param("id", id.value())
                .query(String.class)
                .optional();
    }

    /** Newest first. */
    List<Dataset> page(Optional<Cursor> after, int limit) {
        return jdbc.sql(
                        """
                        SELECT * FROM dataset
                        WHERE :created::timestamptz IS NULL OR (created_at, id) < (:created, :id::uuid)
                        ORDER BY created_at DESC, id DESC LIMIT :limit
                        """)
                .param("created", after.map(c -> Timestamp.from(c.createdAt())).orElse(null))
                .param("id", after.map(Cursor::id).orElse(null))
                .param("limit", limit)
                .query(this::dataset)
                .list();
    }

    /** Locks the row against {@link #share} until the transaction ends; false if there is none. */
    boolean lock(DatasetId id) {
        return isThere(id, "SELECT 1 FROM dataset WHERE id = :id FOR UPDATE");
    }

    /** Locks the row against {@link #lock} until the transaction ends; false if there is none. */
    boolean share(DatasetId id) {
        return isThere(id, "SELECT 1 FROM dataset WHERE id = :id FOR SHARE");
    }

    private boolean isThere(DatasetId id, String select) {
        return jdbc.sql(select).param("id", id.value()).query(Integer.class).optional().isPresent();
    }

    void delete(DatasetId id) {
        jdbc.sql("DELETE FROM dataset WHERE id = :id").param("id", id.value()).update();
    }

    private Dataset dataset(ResultSet row, int index) throws SQLException {
        return new Dataset(
                new DatasetId(row.getObject("id", UUID.class)),
                row.getString("name"),
                json.readValue(row.getString("files"), new TypeReference<List<StoredFile>>() {}),
                new Blob(new Sha256(row.getString("table_hash")), row.getLong("table_bytes")),
                row.getLong("row_count"),
                json.readValue(row.getString("columns"), new TypeReference<List<Column>>() {}),
                json.readValue(row.getString("blocks"), new TypeReference<Map<String, Blob>>() {}),
                row.getTimestamp("created_at").toInstant());
    }
}
