package dev.hearth.run;

import dev.hearth.dataset.DatasetId;
import dev.hearth.job.JobRank;
import dev.hearth.model.ModelName;
import dev.hearth.problem.ProblemCode;
import dev.hearth.spec.Evaluations;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A training run.
 *
 * @param rank in the queue, and whose it is
 * @param request as it was sent
 * @param failure why it failed
 * @param jobNumber see {@link RunJob}
 * @param modelVersion what it made
 * @param partOf what started it, where a user has not
 * @param events how many have happened to it
 */
record Run(
        RunId id,
        ModelName model,
        DatasetId dataset,
        JobRank rank,
        String request,
        RunState state,
        Progress progress,
        Optional<Failure> failure,
        int jobNumber,
        OptionalInt modelVersion,
        Optional<PartOf> partOf,
        int events,
        Times times) {

    /** Its place in the queue, now or the last time. */
    RunJob job() {
        return new RunJob(id, jobNumber);
    }

    /**
     * How far it is.
     *
     * @param epoch the last one that ended, 0 before the first
     * @param fraction of the whole run, 0 to 1
     * @param metrics of the last epoch, such as {@code validation_loss}
     */
    record Progress(
            int epoch,
            int epochs,
            double fraction,
            Map<String, Double> metrics,
            Optional<String> device,
            boolean cancelRequested) {}

    /**
     * What has come out.
     *
     * @param epoch that it is of: the best one where that is kept, else the last
     * @param evaluations over the held-out rows
     */
    record Result(int epoch, Evaluations evaluations) {}

    /** An error, in the words that the caller reads. */
    record Failure(ProblemCode code, String detail) {}

    record Times(Instant created, Optional<Instant> started, Optional<Instant> finished) {}
}
