package dev.hearth.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hearth.problem.ProblemDocument;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A data set as its readers see it.
 *
 * @param owner on whose account its bytes are: the name before a key, or {@code default}
 * @param state {@code preparing}, and then {@code ready}, {@code rejected} or {@code cancelled}
 * @param problem why it was rejected, as its upload would have been answered; null otherwise
 * @param family the ID of its first version
 * @param parent the version that this one was made of; null for the first
 * @param startedAt when its preparing began; null before
 * @param finishedAt when its preparing ended, however it ended; null before
 * @param rows null unless it is ready, and so are the columns
 * @param files as they were uploaded
 * @param sizeBytes of the uploaded files
 * @param sha256 of the uploaded file; where there are several, of their hexadecimal hashes, a line
 *     for each
 */
record DatasetView(
        UUID id,
        String owner,
        String name,
        String state,
        Progress progress,
        @Nullable ProblemDocument problem,
        UUID family,
        int version,
        @Nullable UUID parent,
        @Nullable Long rows,
        @Nullable List<ColumnView> columns,
        List<FileView> files,
        long sizeBytes,
        String sha256,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {

    /**
     * @param fraction of the preparing that is done, from 0 to 1
     * @param what is being done, in a few words; empty once it has ended
     */
    record Progress(double fraction, String what) {}

    /**
     * @param categories in ascending order, or in the order that was declared; left out unless the
     *     type is {@code categorical}
     * @param dtype of the values of an image or a tensor, as safetensors names it
     * @param shape of one image {@code [channels, height, width]} or tensor; −1 where it varies
     * @param missing how many cells are empty
     * @param missingPolicy what stands for them in the runs on the data set, unless they say
     *     otherwise
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ColumnView(
            String name,
            String type,
            long missing,
            @Nullable MissingPolicyView missingPolicy,
            @Nullable List<String> categories,
            @Nullable String dtype,
            @Nullable List<Long> shape) {

        static ColumnView of(Column column) {
            return new ColumnView(
                    column.name(),
                    column.type().wireName(),
                    column.missing(),
                    MissingPolicyView.of(column),
                    column.type() == ColumnType.CATEGORICAL ? column.categories() : null,
                    column.block().map(block -> block.dtype().safetensorsName()).orElse(null),
                    column.block().map(Block::shape).orElse(null));
        }
    }

    /** An uploaded file. */
    record FileView(String name, long sizeBytes, String sha256) {}

    static DatasetView of(DatasetEntry entry) {
        var standing = entry.standing();
        var lineage = entry.lineage();
        var path = "/v1/datasets/" + entry.id();
        return new DatasetView(
                entry.id().value(),
                entry.owner().name(),
                entry.name(),
                standing.state().text(),
                new Progress(standing.fraction(), standing.doing()),
                standing.rejection()
                        .map(rejection -> ProblemDocument.of(rejection.problem(), path))
                        .orElse(null),
                lineage.family().value(),
                lineage.version(),
                lineage.parent().map(DatasetId::value).orElse(null),
                entry.ready().map(Dataset::rows).orElse(null),
                entry.ready()
                        .map(ready -> ready.columns().stream().map(ColumnView::of).toList())
                        .orElse(null),
                entry.files().stream().map(DatasetView::file).toList(),
                StoredFile.sizeBytes(entry.files()),
                StoredFile.sha256(entry.files()).hex(),
                entry.createdAt(),
                standing.startedAt().orElse(null),
                standing.finishedAt().orElse(null));
    }

    private static FileView file(StoredFile file) {
        return new FileView(file.name(), file.blob().sizeBytes(), file.blob().hash().hex());
    }
}
