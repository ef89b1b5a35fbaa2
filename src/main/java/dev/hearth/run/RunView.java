package dev.hearth.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A run as its readers see it.
 *
 * @param queuePosition how many wait before it; null unless it is queued
 * @param waitingFor what it waits for though its turn has come: {@code memory} or {@code storage}
 * @param progress 0 to 1
 * @param metrics of the last epoch
 * @param model what it made; null before it succeeded
 * @param partOf the sweep or cross-validation that started it; null where a user did
 * @param error why it failed
 * @param owner whose it is
 * @param priority in the queue: higher ones go first
 * @param estimatedStart when a worker will have it; null unless it is queued, or if nobody can tell
 * @param estimatedFinish when it will have trained all its epochs, by the time of an epoch so far,
 *     or of a run with the same data set and name; null if nobody can tell
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RunView(
        UUID id,
        String name,
        UUID dataset,
        String owner,
        int priority,
        String state,
        @Nullable Long queuePosition,
        @Nullable String waitingFor,
        int epoch,
        int epochs,
        double progress,
        Map<String, Double> metrics,
        @Nullable String device,
        boolean cancelRequested,
        @Nullable ModelRef model,
        @Nullable PartView partOf,
        @Nullable ErrorView error,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant estimatedStart,
        @Nullable Instant estimatedFinish,
        JsonNode request) {

    /** The version that the run made. */
    record ModelRef(String name, int version, String url) {}

    /**
     * What it is a part of.
     *
     * @param number of the trial, or the fold, from 0
     */
    @Schema(name = "RunPartOf")
    record PartView(
            @Schema(allowableValues = {"sweep", "cross_validation"}) String kind,
            UUID id,
            int number,
            String url) {}

    /** What a problem document would say. */
    record ErrorView(String type, String title, String detail) {}

    static RunView of(Run run, RunOutlook outlook, @Nullable String waitingFor, JsonMapper json) {
        Run.Progress progress = run.progress();
        return new RunView(
                run.id().value(),
                run.model().value(),
                run.dataset().value(),
                run.rank().owner(),
                run.rank().priority(),
                run.state().text(),
                outlook.position().isPresent() ? outlook.position().getAsLong() : null,
                waitingFor,
                progress.epoch(),
                progress.epochs(),
                progress.fraction(),
                progress.metrics(),
                progress.device().orElse(null),
                progress.cancelRequested(),
                model(run),
                run.partOf()
                        .map(part ->
                                new PartView(
                                        part.kind().text(), part.id(), part.number(), part.url()))
                        .orElse(null),
                run.failure()
                        .map(failure ->
                                new ErrorView(
                                        failure.code().type(),
                                        failure.code().title(),
                                        failure.detail()))
                        .orElse(null),
                run.times().created(),
                run.times().started().orElse(null),
                run.times().finished().orElse(null),
                outlook.start().orElse(null),
                outlook.finish().orElse(null),
                json.readTree(run.request()));
    }

    private static @Nullable ModelRef model(Run run) {
        if (run.modelVersion().isEmpty()) {
            return null;
        }
        int version = run.modelVersion().getAsInt();
        return new ModelRef(
                run.model().value(),
                version,
                "/v1/models/%s/versions/%d".formatted(run.model(), version));
    }
}
