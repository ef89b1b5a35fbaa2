package dev.hearth.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A run as its readers see it.
 *
 * @param queuePosition how many wait before it; null unless it is queued
 * @param progress 0 to 1
 * @param metrics of the last epoch
 * @param model what it made; null before it succeeded
 * @param partOf the sweep or cross-validation that started it; null where a user did
 * @param error why it failed
 * @param estimatedFinish from the pace so far; null unless it is running
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RunView(
        UUID id,
        String name,
        UUID dataset,
        String state,
        @Nullable Long queuePosition,
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

    static RunView of(Run run, OptionalLong position, Instant now, JsonMapper json) {
        Run.Progress progress = run.progress();
        return new RunView(
                run.id().value(),
                run.model().value(),
                run.dataset().value(),
                run.state().text(),
                position.isPresent() ? position.getAsLong() : null,
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
                                        "urn:hearth:problem:" + failure.code().slug(),
                                        failure.code().title(),
                                        failure.detail()))
                        .orElse(null),
                run.times().created(),
                run.times().started().orElse(null),
                run.times().finished().orElse(null),
                estimatedFinish(run, now),
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

    private static @Nullable Instant estimatedFinish(Run run, Instant now) {
        double done = run.progress().fraction();
        if (run.state() != RunState.RUNNING || done <= 0) {
            return null;
        }
        return run.times()
                .started()
                .map(started -> {
                    double elapsed = Duration.between(started, now).toMillis();
                    return now.plusMillis((long) (elapsed * (1 - done) / done));
                })
                .orElse(null);
    }
}
