package dev.hearth.run;

import dev.hearth.problem.DiskFull;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.UnavailableException;

/** What a run's owner is told of an exception that is not the run's fault. */
final class RunFailure {

    private RunFailure() {}

    /** Why a run has failed that need not have. */
    static Run.Failure of(RunId run, Throwable e) {
        if (DiskFull.explains(e)) {
            return new Run.Failure(
                    ProblemCode.STORAGE_FULL,
                    "%s; make room and retry the run, which goes on from its last checkpoint"
                            .formatted(words(e)));
        }
        // The cause is ours, so the log has it and the caller is told where to look.
        return new Run.Failure(
                ProblemCode.INTERNAL_ERROR,
                "training failed on our side; the log of run %s has the cause".formatted(run));
    }

    /** Why something could not be stored, as far as a user need know. */
    static String words(Throwable e) {
        if (e instanceof ProblemException problem) {
            return problem.detail();
        }
        return UnavailableException.in(e)
                .map(unavailable -> String.valueOf(unavailable.getMessage()))
                .orElse(
                        DiskFull.explains(e)
                                ? "the worker's disk is full"
                                : "the worker's log has the cause");
    }
}
