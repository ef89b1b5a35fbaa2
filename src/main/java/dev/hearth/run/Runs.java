package dev.hearth.run;

import dev.hearth.dataset.DatasetId;
import dev.hearth.dataset.DatasetUse;
import dev.hearth.dataset.Datasets;
import dev.hearth.http.Owner;
import dev.hearth.job.JobQueue;
import dev.hearth.model.ModelName;
import dev.hearth.model.PendingVersions;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.storage.Reservations;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Queues runs, and tells of them. */
@Service
class Runs implements DatasetUse, PendingVersions {

    private final RunTable table;
    private final Datasets datasets;
    private final JobQueue queue;
    private final InstantSource clock;
    private final Reservations storage;

    // The data sets ask back who uses them, hence lazily.
    Runs(
            RunTable table,
            @Lazy Datasets datasets,
            JobQueue queue,
            InstantSource clock,
            Reservations storage) {
        this.table = table;
        this.datasets = datasets;
        this.queue = queue;
        this.clock = clock;
        this.storage = storage;
    }

    /**
     * What an owner begins may store checkpoints and a model, which are never refused once they are
     * trained; so it does not begin where the owner's quota is used up.
     *
     * @throws ProblemException QUOTA_EXCEEDED
     */
    void requireRoom(Owner owner) {
        storage.requireSome(owner);
    }

    /** Queues a run; the job is enqueued in the same transaction. */
    @Transactional
    public RunId queue(NewRun wanted) {
        datasets.hold(wanted.dataset());
        Instant now = clock.instant();
        var run =
                new Run(
                        new RunId(UUID.randomUUID()),
                        wanted.model(),
                        wanted.dataset(),
                        wanted.rank(),
                        wanted.request(),
                        RunState.QUEUED,
                        new Run.Progress(0, wanted.epochs(), 0, Map.of(), Optional.empty(), false),
                        Optional.empty(),
                        0,
                        OptionalInt.empty(),
                        wanted.partOf(),
                        0,
                        new Run.Times(now, Optional.empty(), Optional.empty()));
        table.insert(run);
        table.addEvent(run.id(), RunEvent.Type.QUEUED, "waiting for a worker", now);
        queue.enqueue(RunWorker.KIND, run.job().text(), wanted.rank());
        return run.id();
    }

    Run require(RunId id) {
        return table.find(id)
                .orElseThrow(
                        () -> new ProblemException(ProblemCode.NOT_FOUND, "there is no run " + id));
    }

    @Override
    public Optional<String> user(DatasetId dataset) {
        return table.unfinished(dataset).map(Runs::standing);
    }

    @Override
    public Optional<String> pending(ModelName name) {
        return table.unfinished(name).map(Runs::standing);
    }

    private static String standing(Run run) {
        return "run %s is %s".formatted(run.id(), run.state().text());
    }
}
