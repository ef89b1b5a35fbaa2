package dev.hearth.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A data set as its readers see it.
 *
 * @param files as they were uploaded
 * @param sizeBytes of the uploaded files
 * @param sha256 of the uploaded file; where there are several, of their hexadecimal hashes, a line
 *     for each
 */
record DatasetView(
        UUID id,
        String name,
        long rows,
        List<ColumnView> columns,
        List<FileView> files,
        long sizeBytes,
        String sha256,
        Instant createdAt) {

    /**
     * @param categories in ascending order; left out unless the type is {@code categorical}
     * @param dtype of the values of an image or a tensor, as safetensors names it
     * @param shape of one image {@code [channels, height, width]} or tensor; −1 where it varies
     * @param missing how many cells are empty
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ColumnView(
            String name,
            String type,
            long missing,
            @Nullable List<String> categories,
            @Nullable String dtype,
            @Nullable List<Long> shape) {

        static ColumnView of(Column column) {
            return new ColumnView(
                    column.name(),
                    column.type().wireName(),
                    column.missing(),
                    column.type() == ColumnType.CATEGORICAL ? column.categories() : null,
                    column.block().map(block -> block.dtype().name()).orElse(null),
                    column.block().map(Block::shape).orElse(null));
        }
    }

    /** An uploaded file. */
    record FileView(String name, long sizeBytes, String sha256) {}

    static DatasetView of(Dataset dataset) {
        return new DatasetView(
                dataset.id().value(),
                dataset.name(),
                dataset.rows(),
                dataset.columns().stream().map(ColumnView::of).toList(),
                dataset.files().stream()
                        .map(file ->
                                new FileView(
                                        file.name(),
                                        file.blob().sizeBytes(),
                                        file.blob().hash().hex()))
                        .toList(),
                dataset.sizeBytes(),
                dataset.sha256().hex(),
                dataset.createdAt());
    }
}
