package dev.hearth.dataset;

import dev.hearth.job.JobQueue;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The changes of a data set's state, each with its bytes and its job in one transaction. */
@Service
class DatasetLife {

    private final DatasetTable table;
    private final LeasedDataset leased;
    private final DatasetFiles files;
    private final JobQueue queue;
    private final InstantSource clock;

    DatasetLife(
            DatasetTable table,
            LeasedDataset leased,
            DatasetFiles files,
            JobQueue queue,
            InstantSource clock) {
        this.table = table;
        this.leased = leased;
        this.files = files;
        this.queue = queue;
        this.clock = clock;
    }

    /** Keeps a data set that has been prepared: its bytes and its row appear together. */
    @Transactional
    public UUID create(NewDataset fresh, Prepared prepared) {
        var id = insert(fresh);
        ready(DatasetLease.ofInsertion(id), prepared, fresh.intake());
        return id.value();
    }

    /** Keeps the files of a data set, and queues its preparing. */
    @Transactional
    public UUID begin(NewDataset fresh) {
        var id = insert(fresh);
        fresh.intake().room().settle();
        queue.enqueue(DatasetWorker.KIND, id.toString());
        return id.value();
    }

    private DatasetId insert(NewDataset fresh) {
        var id = new DatasetId(UUID.randomUUID());
        var parent = fresh.parent();
        if (parent.isPresent() && !table.share(parent.get().id())) {
            throw Datasets.missing(parent.get().id());
        }
        var family = parent.map(from -> from.lineage().family()).orElse(id);
        table.insert(
                new DatasetEntry(
                        id,
                        fresh.intake().owner(),
                        fresh.name(),
                        files.keep(id, fresh),
                        fresh.options(),
                        new Lineage(
                                family, table.nextVersion(family), parent.map(DatasetEntry::id)),
                        Standing.waiting(),
                        clock.instant(),
                        Optional.empty()));
        return id;
    }

    /** What a worker has prepared becomes the data set, if its lease still holds. */
    @Transactional
    public void ready(DatasetLease lease, Prepared prepared, NewDataset.Intake intake) {
        leased.ready(
                lease,
                files.keep(lease.dataset(), intake.owner(), prepared),
                prepared.report(),
                clock.instant());
        intake.room().settle();
    }

    /** Its files cannot be used, and are given back; why is kept. */
    @Transactional
    public void rejected(DatasetLease lease, Rejection rejection) {
        leased.rejected(lease, rejection, clock.instant());
        files.release(lease.dataset());
    }

    /** Its job leaves the queue undone; in the transaction that takes it out. */
    @Transactional
    public void abandoned(DatasetId id, String reason) {
        var rejection =
                Rejection.of(
                        new ProblemException(
                                ProblemCode.INTERNAL_ERROR,
                                "the data set could not be prepared: %s; the log has the cause"
                                        .formatted(reason)));
        if (table.reject(id, rejection, clock.instant())) {
            files.release(id);
        }
    }

    /** Ends the preparing of a data set at once; who prepares it notices within a second or so. */
    @Transactional
    public void cancel(DatasetId id) {
        if (table.cancel(id, clock.instant())) {
            files.release(id);
            return;
        }
        var entry = table.find(id).orElseThrow(() -> Datasets.missing(id));
        throw new ProblemException(
                ProblemCode.INVALID_STATE,
                "data set %s is %s already and cannot be cancelled; DELETE deletes it"
                        .formatted(id, entry.standing().state().text()));
    }
}
