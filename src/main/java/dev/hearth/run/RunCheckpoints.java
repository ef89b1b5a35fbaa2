package dev.hearth.run;

import dev.hearth.dataset.Dataset;
import dev.hearth.job.JobQueue;
import dev.hearth.job.WorkerTransactions;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.UnavailableException;
import dev.hearth.storage.Blob;
import dev.hearth.storage.BlobStore;
import dev.hearth.storage.Sha256;
import dev.hearth.torchscript.TensorFile;
import dev.hearth.train.Checkpoint;
import dev.hearth.train.CheckpointFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Writes and reads checkpoints. The bytes come first and the row last, in one transaction with the
 * epochs that the checkpoint has behind it and the removal of those that it supersedes: so there is
 * always the checkpoint before or the new one, whole.
 */
@Component
class RunCheckpoints {

    private static final Logger log = LoggerFactory.getLogger(RunCheckpoints.class);

    private final CheckpointTable table;
    private final BlobStore blobs;
    private final JobQueue queue;
    private final InstantSource clock;
    private final WorkerTransactions transactions;

    RunCheckpoints(
            CheckpointTable table,
            BlobStore blobs,
            JobQueue queue,
            InstantSource clock,
            WorkerTransactions transactions) {
        this.table = table;
        this.blobs = blobs;
        this.queue = queue;
        this.clock = clock;
        this.transactions = transactions;
    }

    /**
     * What is written beside the state.
     *
     * @param metrics of the last epoch that has ended
     */
    record Entry(
            Lease lease,
            Checkpoint checkpoint,
            RunCheckpoint.Reason reason,
            Map<String, Double> metrics,
            Map<String, String> origin) {}

    /**
     * Stores a checkpoint.
     *
     * @param guarded writes under the lease, or throws {@link LeaseLostException}; it locks the
     *     run's row until the end of the transaction
     * @throws IOException if it cannot be stored; the checkpoints before, and what {@code guarded}
     *     writes, are as they were
     */
    void write(Entry entry, Keeping keeping, Runnable guarded) throws IOException {
        try (var claim = blobs.claim()) {
            Blob blob =
                    claim.put(out -> CheckpointFile.write(entry.checkpoint(), entry.origin(), out));
            transactions.run(() -> {
                guarded.run();
                insert(entry, blob, keeping);
            });
        } catch (UncheckedIOException e) {
            // The place of the blobs did not answer when the blob was to be owned.
            throw e.getCause();
        }
    }

    private void insert(Entry entry, Blob blob, Keeping keeping) {
        RunId run = entry.lease().run();
        var stored =
                new RunCheckpoint(
                        run,
                        table.nextNumber(run),
                        entry.checkpoint().epochs(),
                        entry.checkpoint().place().batch(),
                        entry.reason(),
                        entry.metrics(),
                        blob,
                        clock.instant());
        table.insert(stored, entry.lease().fence());
        blobs.own(stored.owner(), table.owner(run), blob.hash());
        queue.progressed(RunWorker.KIND, entry.lease().job().text());
        for (RunCheckpoint superfluous : keeping.superfluous(table.all(run))) {
            table.delete(superfluous);
            blobs.release(superfluous.owner());
        }
    }

    /** Newest first. */
    List<RunCheckpoint> all(RunId run) {
        return table.all(run);
    }

    /**
     * The checkpoint that a run has ended with.
     *
     * @throws ProblemException if it could not be stored
     */
    RunCheckpoint requireEnd(RunId run) {
        return table.all(run).stream()
                .findFirst()
                .filter(newest -> newest.reason() == RunCheckpoint.Reason.END)
                .orElseThrow(() ->
                        new ProblemException(
                                ProblemCode.STORAGE_UNAVAILABLE,
                                "the last checkpoint could not be stored, and nothing else keeps what was trained; make room, and try the run again (:retry)"));
    }

    /**
     * Deletes all of a run's checkpoints and gives their bytes back, in the caller's transaction.
     */
    void release(RunId run) {
        for (RunCheckpoint checkpoint : table.all(run)) {
            table.delete(checkpoint);
            blobs.release(checkpoint.owner());
        }
    }

    /** What was read, and from where. */
    record Loaded(RunCheckpoint stored, Checkpoint checkpoint) {}

    /**
     * The newest checkpoint that can be read; those that cannot, or that are not of this run's
     * specification and data, are passed over.
     *
     * @throws UnavailableException where their place does not answer: they may be sound
     */
    Optional<Loaded> newest(Run run, Dataset dataset) throws UnavailableException {
        String fingerprint = Origin.fingerprint(run, dataset);
        String epochs = String.valueOf(run.progress().epochs());
        for (RunCheckpoint stored : table.all(run.id())) {
            try (TensorFile file = open(stored)) {
                if (!fingerprint.equals(file.metadata().get(Origin.FINGERPRINT))) {
                    throw new IOException("it is of another specification or data set");
                }
                Checkpoint read = CheckpointFile.read(file);
                boolean isLonger = !epochs.equals(file.metadata().get(Origin.EPOCHS));
                return Optional.of(new Loaded(stored, isLonger ? read.extended() : read));
            } catch (UnavailableException e) {
                throw e;
            } catch (IOException | ProblemException | IllegalArgumentException e) {
                log.error(
                        "checkpoint {} cannot be read; trying the one before", stored.number(), e);
            }
        }
        return Optional.empty();
    }

    /** The checkpoint's bytes, found to be those that were written. */
    private TensorFile open(RunCheckpoint stored) throws IOException {
        Sha256 expected = stored.blob().hash();
        var digest = Sha256.newDigest();
        try (InputStream in = new DigestInputStream(blobs.open(expected), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        Sha256 found = Sha256.of(digest);
        if (!found.equals(expected)) {
            throw new IOException(
                    "its bytes are damaged: SHA-256 %s in place of %s".formatted(found, expected));
        }
        return TensorFile.open(blobs.file(expected));
    }

    /** A stored checkpoint's tensors, to be read. */
    TensorFile file(RunCheckpoint stored) {
        try {
            return open(stored);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<RunCheckpoint> find(RunId run, int number) {
        return table.find(run, number);
    }
}
