package dev.hearth.serving;

import dev.hearth.model.ModelVersion;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.torchscript.Cell;
import dev.hearth.torchscript.ServingProgram;
import dev.hearth.torchscript.UnfitValuesException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/** Predicts rows with a model version. */
@Service
class Predictor {

    private final LoadedModels loaded;
    private final ServingSettings settings;
    private final MeterRegistry meters;
    private final Admission admission;

    Predictor(LoadedModels loaded, ServingSettings settings, MeterRegistry meters) {
        this.loaded = loaded;
        this.settings = settings;
        this.meters = meters;
        // One intra-op thread for each computation, so as many at once as there are processors.
        this.admission =
                new Admission(Runtime.getRuntime().availableProcessors(), settings.maxQueue());
        Gauge.builder("hearth.serving.models.loaded", loaded, LoadedModels::size)
                .description("Model versions in memory")
                .register(meters);
        Gauge.builder("hearth.serving.requests.waiting", admission, Admission::waiting)
                .description("Requests waiting for their turn")
                .register(meters);
    }

    /**
     * How long a request waits for its turn.
     *
     * @param clientGone whether nobody waits for the answer any more
     */
    record Patience(Duration deadline, BooleanSupplier clientGone) {}

    @Scheduled(fixedDelay = 100, timeUnit = TimeUnit.MILLISECONDS)
    void dropAbandoned() {
        admission.dropAbandoned();
    }

    int maxRows() {
        return settings.maxRows();
    }

    long maxPixels() {
        return settings.maxPixels();
    }

    Duration defaultDeadline() {
        return settings.deadline();
    }

    /** Predicts, in a user's terms: labels, probabilities, values. */
    List<Prediction> predict(ModelVersion version, Rows rows, Patience patience) {
        return Predictions.of(version.target(), outputs(version, rows, patience), rows.count());
    }

    /**
     * Predicts.
     *
     * @param patience how long the request may wait for its turn, and whether it still need
     * @return {@code [rows, outputs]}, row-major: probabilities, or values
     */
    float[] outputs(ModelVersion version, Rows rows, Patience patience) {
        var waiting = Timer.start(meters);
        return admission.admit(
                patience.deadline(),
                patience.clientGone(),
                () -> {
                    waiting.stop(timer("queue", version));
                    return loaded.with(
                            version,
                            program -> {
                                float[] output =
                                        timer("compute", version)
                                                .record(() -> output(program, rows));
                                counter(version).increment(rows.count());
                                return output;
                            });
                });
    }

    private static float[] output(ServingProgram program, Rows rows) {
        try {
            return switch (rows) {
                case Rows.OfTable table -> program.predict(table.raw(), table.count());
                case Rows.OfBlock(List<Cell> cells) -> program.predict(cells);
            };
        } catch (UnfitValuesException e) {
            throw new ProblemException(
                    ProblemCode.INVALID_INPUT, String.valueOf(e.getMessage()), e);
        }
    }

    private Timer timer(String phase, ModelVersion version) {
        return Timer.builder("hearth.serving." + phase + ".duration")
                .tag("model", version.name().value())
                .tag("version", String.valueOf(version.number()))
                .register(meters);
    }

    private Counter counter(ModelVersion version) {
        return Counter.builder("hearth.serving.rows")
                .description("Rows predicted")
                .tag("model", version.name().value())
                .tag("version", String.valueOf(version.number()))
                .register(meters);
    }
}
