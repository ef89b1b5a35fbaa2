package dev.hearth.sweep;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A sweep as its readers see it.
 *
 * @param name of the model that the best trial makes a version of
 * @param owner whose it is, and its runs
 * @param metric by which trials are compared
 * @param rung of successive halving that the trials are in, from 0; null for other methods
 * @param rungs how many epochs a trial has in all at the end of each; null for other methods
 * @param trials how many are in which state
 * @param best of those that have succeeded so far; null before the first has
 * @param model the version that was made of the best trial; null before the sweep has succeeded
 * @param error why it failed
 */
@Schema(name = "SweepView")
@JsonInclude(JsonInclude.Include.NON_NULL)
record SweepView(
        UUID id,
        String name,
        String owner,
        @Schema(allowableValues = {"running", "succeeded", "failed", "cancelled"}) String state,
        boolean cancelRequested,
        String method,
        String metric,
        @Schema(allowableValues = {"min", "max"}) String mode,
        @Nullable Integer rung,
        @Nullable List<Integer> rungs,
        RunCounts trials,
        @Nullable TrialView best,
        @Nullable ModelView model,
        @Nullable String error,
        String trialsUrl,
        Instant createdAt,
        @Nullable Instant finishedAt,
        JsonNode request) {

    /** A version of a model. */
    @Schema(name = "SweepModel")
    record ModelView(String name, int version, String url) {}

    static SweepView of(RunGroup group, List<Trial> trials, JsonMapper json) {
        RunGroup.Progress progress = group.progress();
        Goal goal = group.rules().goal().orElseThrow();
        Ranking ranking = Ranking.of(goal, trials);
        JsonNode request = json.readTree(group.request());
        return new SweepView(
                group.id(),
                group.name(),
                group.owner().name(),
                progress.state().text(),
                progress.cancelRequested(),
                request.path("method").asString(""),
                goal.metric(),
                goal.mode().name().toLowerCase(Locale.ROOT),
                group.rules().halving().map(_ -> progress.rung()).orElse(null),
                group.rules().halving().map(Halving::epochs).orElse(null),
                RunCounts.of(group, trials),
                best(group, trials, ranking, goal),
                model(group),
                progress.problem().orElse(null),
                "/v1/sweeps/%s/trials".formatted(group.id()),
                progress.created(),
                progress.finished().orElse(null),
                request);
    }

    private static @Nullable TrialView best(
            RunGroup group, List<Trial> trials, Ranking ranking, Goal goal) {
        OptionalInt chosen = group.progress().best();
        return trials.stream()
                .filter(trial -> chosen.isPresent() && trial.number() == chosen.getAsInt())
                .findFirst()
                .or(() -> ranking.trials().stream().findFirst())
                .map(trial -> TrialView.of(group, trial, goal, ranking))
                .orElse(null);
    }

    private static @Nullable ModelView model(RunGroup group) {
        OptionalInt version = group.progress().modelVersion();
        return version.isEmpty()
                ? null
                : new ModelView(
                        group.name(),
                        version.getAsInt(),
                        "/v1/models/%s/versions/%d".formatted(group.name(), version.getAsInt()));
    }
}
