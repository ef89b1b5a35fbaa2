package dev.hearth.dataset;

import dev.hearth.storage.Blob;
import dev.hearth.storage.Sha256;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An uploaded data set: immutable once it is there.
 *
 * @param files as they were uploaded, in that order; at least one
 * @param table the same data as memory-mappable tensors; see {@link Table}
 * @param blocks the files of the columns of images and tensors, by column name; see {@link Block}
 */
public record Dataset(
        DatasetId id,
        String name,
        List<StoredFile> files,
        Blob table,
        long rows,
        List<Column> columns,
        Map<String, Blob> blocks,
        Instant createdAt) {

    public Dataset {
        files = List.copyOf(files);
        blocks = Map.copyOf(blocks);
        columns = List.copyOf(columns);
    }

    /** Of the file; where there are several, of their hexadecimal hashes, a line for each. */
    public Sha256 sha256() {
        return StoredFile.sha256(files);
    }

    public Optional<Column> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }
}
