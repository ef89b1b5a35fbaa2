package dev.hearth.batch;

import dev.hearth.batch.BatchLedger.Claimed;
import dev.hearth.job.JobContext;
import dev.hearth.job.JobHandler;
import dev.hearth.job.JobOutcome;
import dev.hearth.problem.Passing;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.torchscript.NoMemoryException;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/** Does the jobs of the queue: claims a prediction, computes it, and records how it ended. */
@Component
class BatchWorker implements JobHandler {

    static final String KIND = "prediction";

    private static final Logger log = LoggerFactory.getLogger(BatchWorker.class);

    private final BatchLedger ledger;
    private final BatchComputation computation;
    private final BatchSettings settings;

    BatchWorker(BatchLedger ledger, BatchComputation computation, BatchSettings settings) {
        this.ledger = ledger;
        this.computation = computation;
        this.settings = settings;
    }

    @Override
    public String kind() {
        return KIND;
    }

    /** A training may take days; a prediction does not wait for it, nor the other way round. */
    @Override
    public OptionalInt ownWorkers() {
        return OptionalInt.of(settings.workers());
    }

    @Override
    public void abandoned(String id, String reason) {
        ledger.abandoned(new BatchId(UUID.fromString(id)), reason);
    }

    @Override
    public JobOutcome execute(String id, JobContext context) throws IOException {
        try (var _ = MDC.putCloseable("prediction_id", id)) {
            var claimed = ledger.claim(new BatchId(UUID.fromString(id)));
            if (claimed.isEmpty()) {
                log.info("nothing is left to do");
                return JobOutcome.DONE;
            }
            return work(claimed.get(), context);
        } catch (BatchStoppedException e) {
            log.info("prediction {} is no more this worker's", id);
            return JobOutcome.DONE;
        }
    }

    private JobOutcome work(Claimed claimed, JobContext context) throws IOException {
        BatchLease lease = claimed.lease();
        try {
            computation.compute(claimed, context::stopping);
            log.info("all {} rows are predicted", claimed.batch().progress().rows());
            return JobOutcome.DONE;
        } catch (BatchStoppedException e) {
            return switch (e.why()) {
                case LEASE_LOST -> throw e;
                case PROCESS_STOPS -> {
                    ledger.handBack(lease);
                    yield JobOutcome.HANDED_BACK;
                }
            };
        } catch (NoMemoryException e) {
            return failed(
                    lease,
                    ProblemCode.OUT_OF_MEMORY,
                    "the model's device has not enough memory for %s rows at once"
                            .formatted(RowInput.MOST_ROWS),
                    e);
        } catch (OutOfMemoryError e) {
            // What the prediction had is garbage by now, so the process goes on.
            return failed(
                    lease,
                    ProblemCode.OUT_OF_MEMORY,
                    "the heap of the service was full (%s)".formatted(e.getMessage()),
                    e);
        } catch (IOException | RuntimeException e) {
            if (Passing.explains(e)) {
                ledger.handBack(lease);
                // The queue tries again, later and later, and says that it waits for the storage.
                throw e;
            }
            return e instanceof ProblemException problem
                    ? failed(lease, problem.code(), problem.detail(), e)
                    : failed(
                            lease,
                            ProblemCode.INTERNAL_ERROR,
                            "it failed on our side; the log of prediction %s has the cause"
                                    .formatted(lease.batch()),
                            e);
        }
    }

    private JobOutcome failed(BatchLease lease, ProblemCode code, String detail, Throwable cause) {
        log.warn("failed: {}", detail, cause);
        ledger.failed(lease, code, detail);
        return JobOutcome.DONE;
    }
}
