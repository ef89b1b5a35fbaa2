package dev.hearth.kill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Compares the rows of checkpoints with the bytes that they name, where these lie in a folder.
 *
 * @param data the service's data folder
 */
record StoredCheckpoints(JdbcClient sql, Path data) {

    private record Row(String run, int number, String sha256, long sizeBytes) {}

    /** What is wrong with the checkpoints of the runs that are not deleted; best nothing. */
    List<String> faults() {
        return sql
                .sql("SELECT run_id, number, sha256, size_bytes FROM run_checkpoint")
                .query((row, _) ->
                        new Row(
                                row.getString("run_id"),
                                row.getInt("number"),
                                row.getString("sha256"),
                                row.getLong("size_bytes")))
                .list()
                .stream()
                .map(this::fault)
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<String> fault(Row row) {
        String name = "checkpoint %d of run %s ".formatted(row.number(), row.run());
        Path file = data.resolve("blobs", row.sha256().substring(0, 2), row.sha256().substring(2));
        try {
            if (!Files.exists(file)) {
                // Superseded since the row was read, and deleted after its row.
                return isThere(row) ? Optional.of(name + "has no bytes") : Optional.empty();
            }
            byte[] bytes = Files.readAllBytes(file);
            String found = Hashes.sha256(bytes);
            if (!found.equals(row.sha256()) || bytes.length != row.sizeBytes()) {
                return Optional.of(name + "has other bytes");
            }
            return owners(row) == 1
                    ? Optional.empty()
                    : Optional.of(name + "does not own its bytes");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isThere(Row row) {
        return sql.sql(
                                """
                                SELECT count(*) FROM run_checkpoint
                                WHERE run_id = :run::uuid AND number = :number
                                """)
                        .param("run", row.run())
                        .param("number", row.number())
                        .query(Long.class)
                        .single()
                == 1;
    }

    private long owners(Row row) {
        return isThere(row)
                ? sql.sql("SELECT count(*) FROM blob_owner WHERE hash = :hash AND owner = :owner")
                        .param("hash", row.sha256())
                        .param("owner", "run:%s:checkpoint:%d".formatted(row.run(), row.number()))
                        .query(Long.class)
                        .single()
                : 1;
    }
}
