package dev.hearth.batch;

import dev.hearth.http.Owner;
import dev.hearth.problem.ProblemCode;
import dev.hearth.spec.Evaluation;
import dev.hearth.storage.Blob;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A prediction over a data set, as it stands.
 *
 * @param failure why it failed; empty in any other state
 * @param result what came out; empty before it succeeded
 */
record Batch(
        BatchId id,
        NewBatch asked,
        BatchState state,
        Progress progress,
        Optional<Failure> failure,
        Optional<Result> result,
        Times times) {

    /**
     * How far it is.
     *
     * @param rows of the data set
     * @param done rows that are in the result
     * @param refused rows among those that have an error in the place of a prediction
     * @param since when the worker that has it began; empty where none has
     */
    record Progress(long rows, long done, long refused, Optional<Instant> since) {}

    /** What a problem document would say. */
    record Failure(ProblemCode code, String detail) {}

    /**
     * What came out.
     *
     * @param scores over the rows whose targets are in the data set
     */
    record Result(Blob file, Scores scores) {}

    /**
     * How well a model does.
     *
     * @param metrics by name; empty where no row has its targets
     * @param labels each of several targets that say yes or no; empty for others
     * @param targets each of several targets that are numbers; empty for others
     */
    record Scores(
            Map<String, Double> metrics,
            List<Evaluation.LabelScore> labels,
            List<Evaluation.TargetScore> targets) {

        static final Scores NONE = new Scores(Map.of(), List.of(), List.of());
    }

    /** When what happened. */
    record Times(Instant created, Optional<Instant> started, Optional<Instant> finished) {}

    /** On whose account the result is. */
    Owner owner() {
        return new Owner(asked.rank().owner());
    }
}
