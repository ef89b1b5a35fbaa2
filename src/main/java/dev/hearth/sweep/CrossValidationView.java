package dev.hearth.sweep;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hearth.run.RunPart;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A cross-validation as its readers see it.
 *
 * @param owner whose it is, and its runs
 * @param runs how many are in which state
 * @param metrics over all folds; null before all have succeeded
 * @param error why it failed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CrossValidationView(
        UUID id,
        String name,
        String owner,
        @Schema(allowableValues = {"running", "succeeded", "failed", "cancelled"}) String state,
        boolean cancelRequested,
        RunCounts runs,
        @Nullable Map<String, Spread> metrics,
        List<FoldView> folds,
        @Nullable String error,
        Instant createdAt,
        @Nullable Instant finishedAt,
        JsonNode request) {

    /**
     * A metric over the folds.
     *
     * @param std the standard deviation, of which {@code ddof} says that the sum of squares was
     *     divided by the number of folds, as scikit-learn's {@code std_test_score} is
     * @param ddof 0
     * @param values of each fold, in order
     */
    @Schema(name = "MetricSpread")
    record Spread(double mean, double std, int ddof, List<Double> values) {

        static Spread of(List<Double> values) {
            double mean = values.stream().mapToDouble(value -> value).average().orElse(Double.NaN);
            double variance =
                    values.stream()
                            .mapToDouble(value -> (value - mean) * (value - mean))
                            .average()
                            .orElse(Double.NaN);
            return new Spread(mean, Math.sqrt(variance), 0, values);
        }
    }

    /**
     * A fold.
     *
     * @param fold that its run validates with, from 0
     * @param metrics of the run's result where it has succeeded, else of the last epoch so far
     * @param run its ID; null before it is queued
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FoldView(
            int fold,
            @Schema(
                            allowableValues = {
                                "waiting",
                                "queued",
                                "running",
                                "succeeded",
                                "failed",
                                "cancelled"
                            })
                    String state,
            Map<String, Double> metrics,
            int epoch,
            @Nullable UUID run,
            @Nullable String runUrl,
            @Nullable String error) {

        private static FoldView of(RunGroup group, Trial fold) {
            RunPart run = fold.run().orElse(null);
            return new FoldView(
                    fold.number(),
                    TrialState.of(group, fold).text(),
                    run == null ? Map.of() : run.metrics(),
                    run == null ? 0 : run.epoch(),
                    run == null ? null : run.id().value(),
                    run == null ? null : "/v1/runs/" + run.id(),
                    run == null ? null : run.failure().orElse(null));
        }
    }

    static CrossValidationView of(RunGroup group, List<Trial> folds, JsonMapper json) {
        RunGroup.Progress progress = group.progress();
        return new CrossValidationView(
                group.id(),
                group.name(),
                group.owner().name(),
                progress.state().text(),
                progress.cancelRequested(),
                RunCounts.of(group, folds),
                progress.state() == GroupState.SUCCEEDED ? metrics(folds) : null,
                folds.stream().map(fold -> FoldView.of(group, fold)).toList(),
                progress.problem().orElse(null),
                progress.created(),
                progress.finished().orElse(null),
                json.readTree(group.request()));
    }

    /** Those that are measured of rows; a learning rate is none. */
    private static Map<String, Spread> metrics(List<Trial> folds) {
        List<Map<String, Double>> each =
                folds.stream().flatMap(fold -> fold.run().stream()).map(RunPart::metrics).toList();
        var spreads = new LinkedHashMap<String, Spread>();
        for (String name : each.getFirst().keySet()) {
            if (name.startsWith("train_") || name.startsWith("validation_")) {
                spreads.put(
                        name,
                        Spread.of(
                                each.stream()
                                        .map(metrics -> metrics.getOrDefault(name, Double.NaN))
                                        .toList()));
            }
        }
        return spreads;
    }
}
