package dev.hearth.dataset;

import dev.hearth.http.Cursor;
import dev.hearth.http.Owner;
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

/** The SQL of data sets. */
@Repository
class DatasetTable {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    DatasetTable(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** A data set that is to be prepared. */
    void insert(DatasetEntry entry) {
        jdbc.sql(
                        """
                        INSERT INTO dataset (id, owner, name, state, fraction, doing, files, options,
                            family_id, version, parent_id, created_at)
                        VALUES (:id, :owner, :name, :state, :fraction, :doing, :files::json,
                            :options::json, :family, :version, :parent, :created)
                        """)
                .param("id", entry.id().value())
                .param("owner", entry.owner().name())
                .param("name", entry.name())
                .param("state", entry.standing().state().text())
                .param("fraction", entry.standing().fraction())
                .param("doing", entry.standing().doing())
                .param("files", json.writeValueAsString(entry.files()))
                .param("options", json.writeValueAsString(entry.options()))
                .param("family", entry.lineage().family().value())
                .param("version", entry.lineage().version())
                .param("parent", entry.lineage().parent().map(DatasetId::value).orElse(null))
                .param("created", Timestamp.from(entry.createdAt()))
                .update();
    }

    /** A number that no version of the family has or had. */
    int nextVersion(DatasetId family) {
        return jdbc.sql(
                        """
                        INSERT INTO dataset_family (id, versions) VALUES (:id, 1)
                        ON CONFLICT (id) DO UPDATE SET versions = dataset_family.versions + 1
                        RETURNING versions
                        """)
                .param("id", family.value())
                .query(Integer.class)
                .single();
    }

    /** False if it is not being prepared. */
    boolean cancel(DatasetId id, Instant now) {
        return jdbc.sql(
                                """
                                UPDATE dataset SET state = 'cancelled', doing = '',
                                    finished_at = :now
                                WHERE id = :id AND state = 'preparing'
                                """)
                        .param("id", id.value())
                        .param("now", Timestamp.from(now))
                        .update()
                == 1;
    }

    /** Whoever prepares it; false if nobody is to. */
    boolean reject(DatasetId id, Rejection rejection, Instant now) {
        return jdbc.sql(
                                """
                                UPDATE dataset SET state = 'rejected', doing = '',
                                    rejection = :rejection::json, finished_at = :now
                                WHERE id = :id AND state = 'preparing'
                                """)
                        .param("id", id.value())
                        .param("rejection", json.writeValueAsString(rejection))
                        .param("now", Timestamp.from(now))
                        .update()
                == 1;
    }

    Optional<DatasetEntry> find(DatasetId id) {
        return jdbc.sql("SELECT * FROM dataset WHERE id = :id")
                .param("id", id.value())
                .query(this::entry)
                .optional();
    }

    Optional<String> report(DatasetId id) {
        return jdbc.sql("SELECT report FROM dataset WHERE id = :id")
                .param("id", id.value())
                .query(String.class)
                .optional();
    }

    /**
     * Newest first.
     *
     * @param family of which the versions are meant; empty for all data sets
     */
    List<DatasetEntry> page(Optional<DatasetId> family, Optional<Cursor> after, int limit) {
        return jdbc.sql(
                        """
                        SELECT * FROM dataset
                        WHERE (:family::uuid IS NULL OR family_id = :family)
                          AND (:created::timestamptz IS NULL
                            OR (created_at, id) < (:created, :id::uuid))
                        ORDER BY created_at DESC, id DESC LIMIT :limit
                        """)
                .param("family", family.map(DatasetId::value).orElse(null))
                .param("created", after.map(c -> Timestamp.from(c.createdAt())).orElse(null))
                .param("id", after.map(Cursor::id).orElse(null))
                .param("limit", limit)
                .query(this::entry)
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
        jdbc.sql(
                        """
                        WITH gone AS (DELETE FROM dataset WHERE id = :id RETURNING family_id)
                        DELETE FROM dataset_family
                        WHERE id IN (SELECT family_id FROM gone)
                          AND NOT EXISTS (SELECT 1 FROM dataset
                              WHERE family_id = dataset_family.id AND dataset.id <> :id)
                        """)
                .param("id", id.value())
                .update();
    }

    private DatasetEntry entry(ResultSet row, int index) throws SQLException {
        var files =
                json.readValue(row.getString("files"), new TypeReference<List<StoredFile>>() {});
        var id = id(row, "id").orElseThrow();
        var standing = standing(row);
        var created = row.getTimestamp("created_at").toInstant();
        return new DatasetEntry(
                id,
                new Owner(row.getString("owner")),
                row.getString("name"),
                files,
                json.readValue(row.getString("options"), DatasetOptions.class),
                new Lineage(
                        id(row, "family_id").orElseThrow(),
                        row.getInt("version"),
                        id(row, "parent_id")),
                standing,
                created,
                standing.state() == DatasetState.READY
                        ? Optional.of(dataset(row, id, files, created))
                        : Optional.empty());
    }

    private Dataset dataset(ResultSet row, DatasetId id, List<StoredFile> files, Instant created)
            throws SQLException {
        return new Dataset(
                id,
                row.getString("name"),
                files,
                new Blob(new Sha256(row.getString("table_hash")), row.getLong("table_bytes")),
                row.getLong("row_count"),
                json.readValue(row.getString("columns"), new TypeReference<List<Column>>() {}),
                json.readValue(row.getString("blocks"), new TypeReference<Map<String, Blob>>() {}),
                created);
    }

    private Standing standing(ResultSet row) throws SQLException {
        return new Standing(
                DatasetState.of(row.getString("state")),
                row.getDouble("fraction"),
                row.getString("doing"),
                Optional.ofNullable(row.getString("rejection"))
                        .map(text -> json.readValue(text, Rejection.class)),
                Optional.ofNullable(row.getTimestamp("started_at")).map(Timestamp::toInstant),
                Optional.ofNullable(row.getTimestamp("finished_at")).map(Timestamp::toInstant));
    }

    private static Optional<DatasetId> id(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, UUID.class)).map(DatasetId::new);
    }
}
