package dev.hearth.batch;

import dev.hearth.job.JobQueue;
import dev.hearth.job.WorkerTransactions;
import dev.hearth.problem.ProblemCode;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Records what becomes of a prediction, each change in a transaction and under the lease. */
@Component
class BatchLedger {

    private final BatchTable table;
    private final LeasedBatch leased;
    private final JobQueue queue;
    private final WorkerTransactions transactions;
    private final InstantSource clock;

    BatchLedger(
            BatchTable table,
            LeasedBatch leased,
            JobQueue queue,
            WorkerTransactions transactions,
            InstantSource clock) {
        this.table = table;
        this.leased = leased;
        this.queue = queue;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** A prediction and the right to write to it. */
    record Claimed(Batch batch, BatchLease lease) {}

    /** Empty if there is nothing to do, for example because it was cancelled. */
    Optional<Claimed> claim(BatchId id) {
        return transactions.call(() -> {
            var lease = leased.claim(id, clock.instant());
            lease.ifPresent(_ -> queue.waitsNoMore(BatchWorker.KIND, id.toString()));
            return lease.map(each -> new Claimed(table.find(id).orElseThrow(), each));
        });
    }

    void progress(BatchLease lease, long done, long refused) {
        leased.progress(lease, done, refused);
    }

    /**
     * The result is stored.
     *
     * @param refused rows that have an error
     * @param own makes the result's bytes the prediction's, in the same transaction
     */
    void succeeded(Claimed claimed, Batch.Result result, long refused, Runnable own) {
        long rows = claimed.batch().progress().rows();
        transactions.run(() -> {
            leased.progress(claimed.lease(), rows, refused);
            leased.succeeded(claimed.lease(), result, clock.instant());
            own.run();
        });
    }

    void failed(BatchLease lease, ProblemCode code, String detail) {
        leased.failed(lease, new Batch.Failure(code, detail), clock.instant());
    }

    /** Gives it back to the queue, to be begun again. */
    void handBack(BatchLease lease) {
        leased.handBack(lease);
    }

    /** In the transaction that takes the job out of the queue. */
    void abandoned(BatchId id, String reason) {
        table.abandon(
                id,
                new Batch.Failure(
                        ProblemCode.INTERNAL_ERROR,
                        "the rows could not be predicted: %s; the log has the cause"
                                .formatted(reason)),
                clock.instant());
    }
}
