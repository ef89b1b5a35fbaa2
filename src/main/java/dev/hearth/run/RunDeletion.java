package dev.hearth.run;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Deletes runs that have ended, with their epochs, events and checkpoints. The versions that were
 * made of a run have bytes of their own, and stay; they still say which run they are of.
 */
@Service
class RunDeletion {

    private final RunTable table;
    private final RunTransitions transitions;
    private final RunCheckpoints checkpoints;

    RunDeletion(RunTable table, RunTransitions transitions, RunCheckpoints checkpoints) {
        this.table = table;
        this.transitions = transitions;
        this.checkpoints = checkpoints;
    }

    /**
     * The bytes go when the deletion is committed, unless somebody else owns the same.
     *
     * @throws ProblemException NOT_FOUND; INVALID_STATE for a run that has not ended, or is a part
     */
    @Transactional
    public void delete(RunId id) {
        table.find(id)
                .flatMap(Run::partOf)
                .ifPresent(part -> {
                    throw new ProblemException(
                            ProblemCode.INVALID_STATE,
                            "run %s is %s; it is deleted with that (DELETE %s)"
                                    .formatted(id, part, part.url()));
                });
        checkpoints.release(id);
        if (!transitions.delete(id)) {
            Run run =
                    table.find(id)
                            .orElseThrow(() ->
                                    new ProblemException(
                                            ProblemCode.NOT_FOUND, "there is no run " + id));
            throw new ProblemException(
                    ProblemCode.INVALID_STATE,
                    "run %s is %s; a run can be deleted when it has ended: cancel it first"
                            .formatted(id, run.state().text()));
        }
    }
}
