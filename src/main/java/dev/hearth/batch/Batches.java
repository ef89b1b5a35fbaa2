package dev.hearth.batch;

import dev.hearth.job.JobQueue;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.storage.BlobStore;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Queues predictions over data sets, and does with them what their owners ask. */
@Service
class Batches {

    private final BatchTable table;
    private final Needs needs;
    private final JobQueue queue;
    private final BlobStore blobs;
    private final InstantSource clock;

    Batches(BatchTable table, Needs needs, JobQueue queue, BlobStore blobs, InstantSource clock) {
        this.table = table;
        this.needs = needs;
        this.queue = queue;
        this.blobs = blobs;
        this.clock = clock;
    }

    /** Queues a prediction; what it needs stays until it has ended. */
    @Transactional
    public BatchId queue(NewBatch asked) {
        var held = needs.hold(asked);
        var id = new BatchId(UUID.randomUUID());
        table.insert(id, asked, held.dataset().rows(), clock.instant());
        queue.enqueue(BatchWorker.KIND, id.toString(), asked.rank());
        return id;
    }

    Batch require(BatchId id) {
        return table.find(id).orElseThrow(() -> missing(id));
    }

    /** Ends a prediction at once; a worker that has it notices within half a second or a chunk. */
    @Transactional
    public void cancel(BatchId id) {
        if (table.cancel(id, clock.instant())) {
            queue.remove(BatchWorker.KIND, id.toString());
            return;
        }
        throw new ProblemException(
                ProblemCode.INVALID_STATE,
                "prediction %s is %s already and cannot be cancelled; DELETE deletes it"
                        .formatted(id, require(id).state().text()));
    }

    /** Deletes a prediction that has ended, and gives its result's bytes back. */
    @Transactional
    public void delete(BatchId id) {
        if (!table.delete(id)) {
            throw new ProblemException(
                    ProblemCode.INVALID_STATE,
                    "prediction %s is %s; it can be deleted when it has ended: cancel it first"
                            .formatted(id, require(id).state().text()));
        }
        blobs.release(owner(id));
    }

    /** What the result's bytes belong to. */
    static String owner(BatchId id) {
        return "prediction:" + id;
    }

    private static ProblemException missing(BatchId id) {
        return new ProblemException(ProblemCode.NOT_FOUND, "there is no prediction " + id);
    }
}
