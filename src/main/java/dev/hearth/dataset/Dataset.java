package dev.hearth.dataset;

import dev.hearth.storage.Blob;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An uploaded data set: immutable once it is there.
 *
 * @param source the file as it was uploaded
 * @param table the same data as memory-mappable tensors; see {@link Table}
 */
public record Dataset(
        DatasetId id,
        String name,
        Blob source,
        Blob table,
        long rows,
        List<Column> columns,
        Instant createdAt) {

    public Dataset {
        columns = List.copyOf(columns);
    }

    public Optional<Column> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }
}
