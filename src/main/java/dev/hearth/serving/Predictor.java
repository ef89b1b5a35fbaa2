package dev.hearth.serving;

import dev.hearth.model.ModelVersion;
import dev.hearth.serving.Question.Patience;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/** Predicts rows with a model version. */
@Service
class Predictor {

    private final LoadedModels loaded;
    private final ServingSettings settings;
    private final ServingMeters meters;
    private final BatchScheduler scheduler;

    Predictor(
            LoadedModels loaded,
            ServingSettings settings,
            ServingMeters meters,
            MeterRegistry registry) {
        this.loaded = loaded;
        this.settings = settings;
        this.meters = meters;
        // One intra-op thread for each computation, so as many at once as there are processors.
        this.scheduler =
                new BatchScheduler(settings.computeThreads(), settings.request().maxWaiting());
        Gauge.builder("hearth.serving.models.loaded", loaded, LoadedModels::size)
                .description("Model versions in memory")
                .register(registry);
        Gauge.builder("hearth.serving.models.size", loaded, LoadedModels::bytes)
                .description("Of the files of the model versions in memory")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("hearth.serving.requests.waiting", scheduler, BatchScheduler::waiting)
                .description("Requests waiting for their turn")
                .register(registry);
        FunctionCounter.builder("hearth.serving.rejections", scheduler, it -> (double) it.refused())
                .description("Requests that found a queue full, to one version or to all")
                .register(registry);
    }

    void requireRoom() {
        scheduler.requireRoom();
    }

    void requireRoom(Lane<Rows, float[]> lane) {
        scheduler.requireRoom(lane);
    }

    void requireRoom(List<Lane<Rows, float[]>> lanes) {
        scheduler.requireRoom(lanes);
    }

    @Scheduled(fixedDelay = 100, timeUnit = TimeUnit.MILLISECONDS)
    void dropUnwanted() {
        scheduler.dropUnwanted();
    }

    @PreDestroy
    void close() {
        scheduler.close();
    }

    int maxRows() {
        return settings.request().maxRows();
    }

    Duration defaultDeadline() {
        return settings.request().deadline();
    }

    /**
     * Runs work that asks a version for outputs and gradients, piece by piece. Each piece waits for
     * its turn as a prediction does, and no longer.
     *
     * @throws dev.hearth.problem.ProblemException as {@link #outputs} does
     */
    <T> T explain(ModelVersion version, Patience patience, Function<ScoreFunction.Turns, T> work) {
        return meters.explainingOf(version)
                .request(() ->
                        loaded.with(
                                version,
                                model ->
                                        work.apply((rows, piece) ->
                                                scheduler.ask(
                                                        model.explaining(),
                                                        new Question<>(piece, rows, patience)))));
    }

    /** Predicts, in a user's terms: labels, probabilities, values. */
    List<Prediction> predict(Chosen chosen, Rows rows, Patience patience) {
        return Predictions.of(
                chosen.version().target(), outputs(chosen, rows, patience), rows.count());
    }

    /** As {@link #outputs(ModelVersion, Rows, Patience)}, with the alias' shadow being told. */
    float[] outputs(Chosen chosen, Rows rows, Patience patience) {
        float[] outputs = outputs(chosen.version(), rows, patience);
        chosen.witness().answered(rows, outputs);
        return outputs;
    }

    /**
     * Predicts.
     *
     * @return {@code [rows, outputs]}, row-major: probabilities, or values
     * @throws dev.hearth.problem.ProblemException as {@link BatchScheduler#ask} does, and
     *     INVALID_INPUT where the model has no answer to the rows
     */
    float[] outputs(ModelVersion version, Rows rows, Patience patience) {
        return meters.of(version).request(() -> uncounted(version, rows, patience));
    }

    /** As {@link #outputs(ModelVersion, Rows, Patience)}, of what is no request of a client. */
    float[] uncounted(ModelVersion version, Rows rows, Patience patience) {
        return loaded.with(
                version,
                model -> scheduler.ask(model.lane(), new Question<>(rows, rows.count(), patience)));
    }
}
