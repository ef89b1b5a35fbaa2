package dev.hearth.batch;

import dev.hearth.batch.BatchLedger.Claimed;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.springframework.stereotype.Component;

/** Computes a claimed prediction, from the first row to a stored result. */
@Component
class BatchComputation {

    private final BatchLedger ledger;
    private final Needs needs;
    private final ResultWriter results;
    private final ResultStore store;
    private final BatchMeters meters;

    BatchComputation(
            BatchLedger ledger,
            Needs needs,
            ResultWriter results,
            ResultStore store,
            BatchMeters meters) {
        this.ledger = ledger;
        this.needs = needs;
        this.results = results;
        this.store = store;
        this.meters = meters;
    }

    /**
     * Predicts all rows, stores the result and ends the prediction.
     *
     * @param stopping whether the process is told to stop
     * @throws BatchStoppedException where it is, or where the prediction is no more this worker's
     * @throws dev.hearth.problem.ProblemException where the result does not fit into the owner's
     *     quota, or something that is needed is not there
     */
    void compute(Claimed claimed, BooleanSupplier stopping) throws IOException {
        Batch batch = claimed.batch();
        var found = needs.of(batch.asked());
        var progress =
                new BatchProgress(
                        (done, refused) -> ledger.progress(claimed.lease(), done, refused),
                        meters,
                        stopping,
                        System::nanoTime);
        var summary = new AtomicReference<>(ResultWriter.Summary.NOTHING);
        store.put(
                batch,
                out -> summary.set(results.write(found, batch.asked().columns(), out, progress)),
                (file, own) -> {
                    ResultWriter.Summary written = Objects.requireNonNull(summary.get());
                    ledger.succeeded(
                            claimed,
                            new Batch.Result(file, written.scores()),
                            written.refused(),
                            own);
                });
    }
}
