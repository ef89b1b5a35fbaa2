package dev.hearth.serving;

import dev.hearth.model.ModelName;
import dev.hearth.model.ModelVersion;
import dev.hearth.problem.ProblemException;
import java.time.Duration;
import java.util.List;
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

    private final ModelReferences references;
    private final Predictor predictor;
    private final LoadedModels loaded;

    Serving(ModelReferences references, Predictor predictor, LoadedModels loaded) {
        this.references = references;
        this.predictor = predictor;
        this.loaded = loaded;
    }

    /**
     * The version that answers a request, or a problem that says what there is.
     *
     * @param key sends requests with the same key of an alias the same way; without one, each goes
     *     its own
     */
    public Chosen choose(ModelReference reference, Optional<RoutingKey> key) {
        return references.choose(reference, key);
    }

    /**
     * All versions that may answer, at least one; or a problem that says what there is. Those of an
     * alias take the same and answer the same.
     */
    public List<ModelVersion> all(ModelReference reference) {
        return references.all(reference);
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
    public float[] outputs(Chosen chosen, Rows rows, Waiting waiting) {
        return predictor.outputs(
                chosen,
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
