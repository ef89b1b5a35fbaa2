package dev.hearth.dataset;

import dev.hearth.job.JobContext;
import dev.hearth.job.JobHandler;
import dev.hearth.job.JobOutcome;
import dev.hearth.problem.Passing;
import dev.hearth.problem.ProblemException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Prepares the data sets that are too large to be prepared while their upload waits. */
@Component
class DatasetWorker implements JobHandler {

    static final String KIND = "dataset";

    static final String WAITING_FOR_STORAGE = "waiting for the storage, which is full or away";

    private static final Logger log = LoggerFactory.getLogger(DatasetWorker.class);

    private final DatasetLife life;
    private final LeasedDataset leased;
    private final Datasets datasets;
    private final CountedPreparation preparation;
    private final InstantSource clock;

    DatasetWorker(
            DatasetLife life,
            LeasedDataset leased,
            Datasets datasets,
            CountedPreparation preparation,
            InstantSource clock) {
        this.life = life;
        this.leased = leased;
        this.datasets = datasets;
        this.preparation = preparation;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public boolean needsDevice() {
        return false;
    }

    @Override
    public void abandoned(String id, String reason) {
        life.abandoned(new DatasetId(UUID.fromString(id)), reason);
    }

    @Override
    public JobOutcome execute(String id, JobContext context) throws Exception {
        var dataset = new DatasetId(UUID.fromString(id));
        var lease = leased.claim(dataset, clock.instant());
        if (lease.isEmpty()) {
            return JobOutcome.DONE;
        }
        try {
            prepare(lease.get(), context);
            log.info("data set {} has been prepared", id);
            return JobOutcome.DONE;
        } catch (PreparationStoppedException e) {
            return stopped(lease.get(), e);
        } catch (ProblemException e) {
            return isOfTheData(e) ? rejected(lease.get(), e) : failed(lease.get(), e);
        } catch (IOException | RuntimeException e) {
            return failed(lease.get(), e);
        }
    }

    /** The job is tried again later; until then, the data set says what it waits for. */
    private JobOutcome failed(DatasetLease lease, Exception e) throws Exception {
        if (!leased.isHeld(lease)) {
            // The files of a data set that was cancelled or deleted vanish under its worker.
            log.info(
                    "data set {} is wanted no more; its preparing ended with {}",
                    lease.dataset(),
                    e.toString());
            return JobOutcome.DONE;
        }
        if (Passing.explains(e)) {
            leased.progress(lease, 0, WAITING_FOR_STORAGE);
        }
        throw e;
    }

    private void prepare(DatasetLease lease, JobContext context) throws IOException {
        var entry = datasets.entry(lease.dataset());
        var sources = datasets.sent(entry).stream().map(SentFile::source).toList();
        var progress =
                new PacedProgress(
                        (fraction, what) -> leased.progress(lease, fraction, what),
                        context::stopping,
                        System::nanoTime);
        try (var reservation = preparation.reserve(entry.owner());
                var prepared =
                        preparation.prepare(sources, entry.options(), reservation, progress)) {
            requireAppended(entry, prepared);
            life.ready(lease, prepared, new NewDataset.Intake(entry.owner(), reservation));
        }
    }

    /** A parent that has been deleted since has nothing to be compared with. */
    private void requireAppended(DatasetEntry entry, Prepared prepared) {
        entry.lineage()
                .parent()
                .flatMap(datasets::findEntry)
                .ifPresent(parent ->
                        Appending.require(
                                parent, entry.files().size(), entry.options(), prepared.columns()));
    }

    /** Whether the same files would be refused at any other time, too. */
    private static boolean isOfTheData(ProblemException problem) {
        return switch (problem.code().category()) {
            case SYNTAX,
                    TOO_LARGE,
                    UNSUPPORTED_TYPE,
                    UNPROCESSABLE,
                    CONFLICT,
                    PRECONDITION_FAILED,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    NOT_ACCEPTABLE,
                    UNAUTHENTICATED,
                    FORBIDDEN,
                    QUOTA ->
                    true;
            case OVERLOADED, INTERNAL -> false;
        };
    }

    private JobOutcome rejected(DatasetLease lease, ProblemException problem) {
        try {
            life.rejected(lease, Rejection.of(problem));
        } catch (PreparationStoppedException e) {
            return stopped(lease, e);
        }
        log.info("data set {} is rejected: {}", lease.dataset(), problem.code());
        return JobOutcome.DONE;
    }

    private JobOutcome stopped(DatasetLease lease, PreparationStoppedException e) {
        return switch (e.why()) {
            case LEASE_LOST -> {
                log.info("data set {} is no longer this worker's", lease.dataset());
                yield JobOutcome.DONE;
            }
            case PROCESS_STOPS -> {
                leased.progress(lease, 0, Standing.WAITING);
                yield JobOutcome.HANDED_BACK;
            }
        };
    }
}
