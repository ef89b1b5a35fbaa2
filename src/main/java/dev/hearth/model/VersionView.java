package dev.hearth.model;

import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.Evaluation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A version as its readers see it. Either a run and its data set are named, or the file that it was
 * imported from.
 *
 * @param aliases that name it
 * @param owner on whose account its files are: the name before a key, or {@code default}
 * @param origin {@code trained} or {@code imported}
 * @param features the columns that are its input; empty where that is a block
 * @param fillValues by column name, what stands for a missing value: a number, a boolean or a
 *     category; a column that is not there must have a value
 * @param block the column of images or tensors that is its input; null where that is columns
 * @param checkpoint of the run that it was made from; null for the run's own result
 * @param metrics of its run's last epoch
 * @param evaluation over the rows that its run validated with; null where there were none
 * @param testEvaluation over the rows that its run tested with; null where there were none
 */
public record VersionView(
        String name,
        int version,
        List<String> aliases,
        String owner,
        @Schema(allowableValues = {"trained", "imported"}) String origin,
        @Nullable UUID runId,
        @Nullable UUID datasetId,
        @Nullable String datasetSha256,
        @Nullable Integer checkpoint,
        @Nullable ImportView imported,
        TargetView target,
        List<Encoding.Feature> features,
        Map<String, Object> fillValues,
        @Nullable BlockInput block,
        Map<String, Double> metrics,
        @Nullable Evaluation evaluation,
        @Nullable Evaluation testEvaluation,
        long parameters,
        List<FileView> files,
        JsonNode specification,
        Instant createdAt) {

    /**
     * The file that the weights were read from.
     *
     * @param like the version whose specification and preprocessing were taken
     * @param notes what was done to the file's tensors, such as a conversion
     */
    public record ImportView(
            String fileSha256,
            long fileSizeBytes,
            String format,
            Lineage.@Nullable VersionId like,
            List<String> notes) {}

    /**
     * What it predicts.
     *
     * @param columns in the order of the model's outputs
     */
    public record TargetView(List<String> columns, String task, List<Object> classes) {}

    /** A file to download. */
    public record FileView(String name, long sizeBytes, String sha256, String url) {}

    /** The version's own address. */
    public static String path(ModelVersion version) {
        return "/v1/models/%s/versions/%d".formatted(version.name(), version.number());
    }

    /** Of a version that has just been made, which no alias names. */
    public static VersionView of(ModelVersion version, JsonMapper json) {
        return of(version, List.of(), json);
    }

    static VersionView of(ModelVersion version, List<String> aliases, JsonMapper json) {
        var trained = version.lineage() instanceof Lineage.Trained run ? run : null;
        var imported = version.lineage() instanceof Lineage.Imported file ? file : null;
        return new VersionView(
                version.name().value(),
                version.number(),
                aliases,
                version.owner().name(),
                switch (version.lineage()) {
                    case Lineage.Trained _ -> "trained";
                    case Lineage.Imported _ -> "imported";
                },
                trained == null ? null : trained.runId(),
                trained == null ? null : trained.datasetId(),
                trained == null ? null : trained.datasetSha256(),
                trained == null ? null : trained.checkpoint().orElse(null),
                imported == null ? null : view(imported),
                view(version.target()),
                version.input() instanceof Encoding encoding ? encoding.features() : List.of(),
                version.input() instanceof Encoding encoding ? encoding.fillCells() : Map.of(),
                version.input() instanceof BlockInput block ? block : null,
                version.metrics(),
                version.evaluations().validation().orElse(null),
                version.evaluations().test().orElse(null),
                version.parameters(),
                version.files().stream().map(file -> view(file, version)).toList(),
                json.readTree(version.specification()),
                version.createdAt());
    }

    private static ImportView view(Lineage.Imported file) {
        return new ImportView(
                file.fileSha256(),
                file.fileSizeBytes(),
                file.format(),
                file.like().orElse(null),
                file.notes());
    }

    private static TargetView view(Target target) {
        return new TargetView(
                target.columns(),
                target.task().name().toLowerCase(Locale.ROOT),
                IntStream.range(0, target.classes().size()).mapToObj(target::label).toList());
    }

    private static FileView view(ModelFile file, ModelVersion version) {
        return new FileView(
                file.name(),
                file.blob().sizeBytes(),
                file.blob().hash().hex(),
                path(version) + "/files/" + file.name());
    }
}
