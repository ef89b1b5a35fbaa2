package dev.hearth.serving;

import dev.hearth.model.ModelName;
import dev.hearth.model.ModelVersion;
import dev.hearth.problem.ProblemException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.springframework.stereotype.Service;

/** Models that answer, for protocols other than Hearth's own. */
@Service
public class Serving {

    /**
     * How a request waits for its turn.
     *
     * @param timeout the longest that it does; empty for the service's own
     * @param priority the highest goes first; 0 is usual
     * @param clientGone whether nobody waits for the answer any more
     */
    public record Waiting(Optional<Duration> timeout, int priority, BooleanSupplier clientGone) {}

    private final ServedVersions versions;
    private final Predictor predictor;
    private final LoadedModels loaded;

    Serving(ServedVersions versions, Predictor predictor, LoadedModels loaded) {
        this.versions = versions;
        this.predictor = predictor;
        this.loaded = loaded;
    }

    /** The latest version, or a problem that says that there is none. */
    public ModelVersion latest(ModelName name) {
        return versions.latest(name);
    }

    /** A version, or a problem that says which there are. */
    public ModelVersion numbered(ModelName name, int number) {
        return versions.numbered(name, number);
    }

    /** How many rows a request may have. */
    public int maxRows() {
        return predictor.maxRows();
    }

    /**
     * Computes what the model says of the rows.
     *
     * @return {@code [rows, outputs]}, row-major: probabilities, or values
     * @throws ProblemException as a prediction in Hearth's own interface
     */
    public float[] outputs(ModelVersion version, Rows rows, Waiting waiting) {
        return predictor.outputs(
                version,
                rows,
                new Question.Patience(
                        waiting.timeout().orElseGet(predictor::defaultDeadline),
                        waiting.priority(),
                        waiting.clientGone()));
    }

    /** Brings a version into memory, where it is not there yet. */
    public void load(ModelVersion version) {
        loaded.load(version);
    }

    /** Lets a version go; the next request to it loads it again. */
    public void unload(ModelName name, int number) {
        loaded.unload(name, number);
    }

    /** Whether a version is in memory. */
    public boolean isLoaded(ModelName name, int number) {
        return loaded.isLoaded(name, number);
    }
}
