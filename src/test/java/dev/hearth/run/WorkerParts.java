package dev.hearth.run;

import dev.hearth.job.JobQueue;
import dev.hearth.job.WorkerTransactions;
import dev.hearth.model.Models;
import dev.hearth.storage.BlobStore;
import java.time.InstantSource;
import java.util.function.UnaryOperator;
import org.springframework.context.ApplicationContext;

/** Makes workers that are as the service's own, but for the store. */
record WorkerParts(ApplicationContext service) {

    RunWorker on(UnaryOperator<BlobStore> store) {
        BlobStore blobs = store.apply(part(BlobStore.class));
        var ledger = part(RunLedger.class);
        var time = part(InstantSource.class);
        var checkpoints =
                new RunCheckpoints(
                        part(CheckpointTable.class),
                        blobs,
                        part(JobQueue.class),
                        time,
                        part(WorkerTransactions.class));
        var publisher = new RunPublisher(part(Models.class), blobs, ledger, time);
        var attempt = new RunAttempt(ledger, checkpoints, part(RunTraining.class), publisher);
        return new RunWorker(
                part(RunTable.class),
                part(RunRequests.class),
                ledger,
                attempt,
                part(RunAdmission.class));
    }

    private <T> T part(Class<T> type) {
        return service.getBean(type);
    }
}
