package dev.hearth.sweep;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hearth.run.RunPart;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A trial as its readers see it.
 *
 * @param trial its number, from 0
 * @param parameters the values that it has in the run, by JSON Pointer
 * @param rank 1 for the best; null before it has succeeded, and where its metric is no number
 * @param value of the sweep's metric: of the run's result where it has succeeded, else of the last
 *     epoch so far
 * @param metrics all of them, likewise
 * @param epoch the last one that has ended
 * @param epochs that it was let train so far; null before it is queued
 * @param run its ID; null before it is queued
 * @param error why it failed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TrialView(
        int trial,
        Map<String, JsonNode> parameters,
        @Schema(
                        allowableValues = {
                            "waiting",
                            "queued",
                            "running",
                            "succeeded",
                            "stopped",
                            "failed",
                            "cancelled"
                        })
                String state,
        @Nullable Integer rank,
        @Nullable Double value,
        Map<String, Double> metrics,
        int epoch,
        @Nullable Integer epochs,
        @Nullable UUID run,
        @Nullable String runUrl,
        @Nullable String error) {

    static TrialView of(RunGroup group, Trial trial, Goal goal, Ranking ranking) {
        RunPart run = trial.run().orElse(null);
        OptionalInt rank = ranking.rank(trial);
        double value = trial.value(goal);
        return new TrialView(
                trial.number(),
                Combination.parse(trial.member().parameters()).values(),
                TrialState.of(group, trial).text(),
                rank.isPresent() ? rank.getAsInt() : null,
                Double.isNaN(value) ? null : value,
                run == null ? Map.of() : run.metrics(),
                run == null ? 0 : run.epoch(),
                run == null ? null : run.epochs(),
                run == null ? null : run.id().value(),
                run == null ? null : "/v1/runs/" + run.id(),
                run == null ? null : run.failure().orElse(null));
    }

    /** The columns of a table of trials with these parameters. */
    static List<String> header(List<String> parameters, Goal goal) {
        var header = new ArrayList<String>();
        header.add("trial");
        header.addAll(parameters);
        header.addAll(List.of(goal.metric(), "rank", "state", "epoch", "epochs", "run"));
        return header;
    }

    /** The row of such a table; what is not there yet is empty. */
    List<String> cells(List<String> names) {
        var cells = new ArrayList<String>();
        cells.add(String.valueOf(trial));
        names.forEach(name -> cells.add(text(parameters.get(name))));
        cells.add(text(value));
        cells.add(text(rank));
        cells.add(state);
        cells.add(String.valueOf(epoch));
        cells.add(text(epochs));
        cells.add(text(run));
        return cells;
    }

    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case JsonNode node when node.isString() -> node.stringValue();
            case Object other -> other.toString();
        };
    }
}
