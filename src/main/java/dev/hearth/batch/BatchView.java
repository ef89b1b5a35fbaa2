package dev.hearth.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hearth.model.AliasName;
import dev.hearth.spec.Evaluation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A prediction over a data set as its readers see it.
 *
 * @param name that its owner gave it; null where there is none
 * @param version of the model, fixed when it was asked for
 * @param alias that stood for the version then; null where none was named
 * @param queuePosition how many wait before it; null unless it is queued
 * @param waitingFor what it waits for though its turn has come: {@code storage}
 * @param rows of the data set
 * @param rowsDone how many are in the result
 * @param rowsFailed those of them that have an error in the place of a prediction
 * @param progress 0 to 1
 * @param columns of the data set that are copied into the result
 * @param metrics over the rows whose targets are in the data set: {@code accuracy} of classes,
 *     {@code mae}, {@code rmse} and {@code r2} of numbers, all that suit several labels; empty
 *     where no row has its targets, and before it succeeded
 * @param labels how well each of several targets that say yes or no is predicted, over the same
 *     rows; null for others
 * @param targets how well each of several numbers is predicted, over the same rows; null for others
 * @param result null before it succeeded
 * @param error why it failed
 * @param estimatedFinish by the time that its rows took so far; null unless it is running
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "DatasetPredictionView")
record BatchView(
        UUID id,
        @Nullable String name,
        String model,
        int version,
        @Nullable String alias,
        UUID datasetId,
        String owner,
        int priority,
        @Schema(allowableValues = {"queued", "running", "succeeded", "failed", "cancelled"})
                String state,
        @Nullable Long queuePosition,
        @Nullable String waitingFor,
        long rows,
        long rowsDone,
        long rowsFailed,
        double progress,
        List<String> columns,
        Map<String, Double> metrics,
        @Nullable List<Evaluation.LabelScore> labels,
        @Nullable List<Evaluation.TargetScore> targets,
        @Nullable ResultView result,
        @Nullable ErrorView error,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant estimatedFinish) {

    /** The file of predictions. */
    @Schema(name = "DatasetPredictionResult")
    record ResultView(String url, long sizeBytes, String sha256) {}

    /** What a problem document would say. */
    @Schema(name = "DatasetPredictionError")
    record ErrorView(String type, String title, String detail) {}

    /** Where it is. */
    static String path(BatchId id) {
        return "/v1/predictions/" + id;
    }

    static BatchView of(Batch batch, BatchViews.Outlook outlook) {
        NewBatch asked = batch.asked();
        Batch.Progress progress = batch.progress();
        Batch.Scores scores = batch.result().map(Batch.Result::scores).orElse(Batch.Scores.NONE);
        return new BatchView(
                batch.id().value(),
                asked.name().orElse(null),
                asked.model().value(),
                asked.version(),
                asked.alias().map(AliasName::value).orElse(null),
                asked.dataset().value(),
                asked.rank().owner(),
                asked.rank().priority(),
                batch.state().text(),
                outlook.position().isPresent() ? outlook.position().getAsLong() : null,
                outlook.waitingFor().orElse(null),
                progress.rows(),
                progress.done(),
                progress.refused(),
                (double) progress.done() / progress.rows(),
                asked.columns(),
                scores.metrics(),
                scores.labels().isEmpty() ? null : scores.labels(),
                scores.targets().isEmpty() ? null : scores.targets(),
                batch.result()
                        .map(result ->
                                new ResultView(
                                        path(batch.id()) + "/result.csv",
                                        result.file().sizeBytes(),
                                        result.file().hash().hex()))
                        .orElse(null),
                batch.failure()
                        .map(failure ->
                                new ErrorView(
                                        failure.code().type(),
                                        failure.code().title(),
                                        failure.detail()))
                        .orElse(null),
                batch.times().created(),
                batch.times().started().orElse(null),
                batch.times().finished().orElse(null),
                outlook.finish().orElse(null));
    }
}
