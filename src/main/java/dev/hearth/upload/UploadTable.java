package dev.hearth.upload;

import dev.hearth.http.Owner;
import dev.hearth.storage.Blob;
import dev.hearth.storage.Sha256;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The SQL of uploads. */
@Repository
class UploadTable {

    private record Part(int number, Blob blob) {}

    private final JdbcClient jdbc;

    UploadTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(Upload upload) {
        jdbc.sql(
                        """
                        INSERT INTO upload (id, owner, name, size_bytes, part_bytes, sha256,
                            created_at, expires_at)
                        VALUES (:id, :owner, :name, :size, :part, :sha256, :created, :expires)
                        """)
                .param("id", upload.id().value())
                .param("owner", upload.owner().name())
                .param("name", upload.name())
                .param("size", upload.sizeBytes())
                .param("part", upload.partBytes())
                .param("sha256", upload.sha256().map(Sha256::hex).orElse(null))
                .param("created", Timestamp.from(upload.createdAt()))
                .param("expires", Timestamp.from(upload.expiresAt()))
                .update();
    }

    Optional<Upload> find(UploadId id) {
        var received = new TreeMap<Integer, Blob>();
        jdbc.sql("SELECT number, hash, size_bytes FROM upload_part WHERE upload_id = :id")
                .param("id", id.value())
                .query((row, _) ->
                        new Part(
                                row.getInt("number"),
                                new Blob(
                                        new Sha256(row.getString("hash")),
                                        row.getLong("size_bytes"))))
                .list()
                .forEach(part -> received.put(part.number(), part.blob()));
        return jdbc.sql("SELECT * FROM upload WHERE id = :id")
                .param("id", id.value())
                .query((row, _) ->
                        new Upload(
                                id,
                                new Owner(row.getString("owner")),
                                row.getString("name"),
                                row.getLong("size_bytes"),
                                row.getLong("part_bytes"),
                                Optional.ofNullable(row.getString("sha256")).map(Sha256::new),
                                received,
                                row.getTimestamp("created_at").toInstant(),
                                row.getTimestamp("expires_at").toInstant()))
                .optional();
    }

    /** Locks the row until the transaction ends; false if there is none. */
    boolean lock(UploadId id) {
        return jdbc.sql("SELECT 1 FROM upload WHERE id = :id FOR UPDATE")
                .param("id", id.value())
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    /** In place of the same part, if it came before. */
    void put(UploadId id, int number, Blob part, Instant expires) {
        jdbc.sql(
                        """
                        INSERT INTO upload_part (upload_id, number, hash, size_bytes)
                        VALUES (:id, :number, :hash, :size)
                        ON CONFLICT (upload_id, number) DO UPDATE
                            SET hash = excluded.hash, size_bytes = excluded.size_bytes
                        """)
                .param("id", id.value())
                .param("number", number)
                .param("hash", part.hash().hex())
                .param("size", part.sizeBytes())
                .update();
        jdbc.sql("UPDATE upload SET expires_at = :expires WHERE id = :id")
                .param("id", id.value())
                .param("expires", Timestamp.from(expires))
                .update();
    }

    void delete(UploadId id) {
        jdbc.sql("DELETE FROM upload WHERE id = :id").param("id", id.value()).update();
    }

    /** Locks up to a hundred that have expired and that nobody uses at the moment. */
    List<UploadId> expired(Instant now) {
        return jdbc.sql(
                        """
                        SELECT id FROM upload WHERE expires_at < :now
                        ORDER BY expires_at LIMIT 100 FOR UPDATE SKIP LOCKED
                        """)
                .param("now", Timestamp.from(now))
                .query((row, _) -> new UploadId(row.getObject("id", UUID.class)))
                .list();
    }
}
