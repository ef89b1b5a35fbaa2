package dev.hearth.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A data set as its readers see it.
 *
 * @param sizeBytes of the uploaded file
 * @param sha256 of the uploaded file
 */
record DatasetView(
        UUID id,
        String name,
        long rows,
        List<ColumnView> columns,
        long sizeBytes,
        String sha256,
        Instant createdAt) {

    /**
     * @param categories in ascending order; left out unless the type is {@code categorical}
     * @param missing how many cells are empty
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ColumnView(String name, String type, long missing, @Nullable List<String> categories) {

        static ColumnView of(Column column) {
            return new ColumnView(
                    column.name(),
                    column.type().wireName(),
                    column.missing(),
                    column.type() == ColumnType.CATEGORICAL ? column.categories() : null);
        }
    }

    static DatasetView of(Dataset dataset) {
        return new DatasetView(
                dataset.id().value(),
                dataset.name(),
                dataset.rows(),
                dataset.columns().stream().map(ColumnView::of).toList(),
                dataset.source().sizeBytes(),
                dataset.source().hash().hex(),
                dataset.createdAt());
    }
}
