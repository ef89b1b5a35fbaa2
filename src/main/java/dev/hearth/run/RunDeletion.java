package dev.hearth.run;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.storage.BlobStore;
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
    private final CheckpointTable checkpoints;
    private final BlobStore blobs;

    RunDeletion(
            RunTable table,
            RunTransitions transitions,
            CheckpointTable checkpoints,
            BlobStore blobs) {
        this.table = table;
        this.transitions = transitions;
        this.checkpoints = checkpoints;
        this.blobs = blobs;
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
        for (RunCheckpoint checkpoint : checkpoints.all(id)) {
            blobs.release(checkpoint.owner());
        }
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
