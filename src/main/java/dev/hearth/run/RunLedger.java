package dev.hearth.run;

import dev.hearth.job.WorkerTransactions;
import dev.hearth.problem.ProblemCode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Records what happens to a run: its state and its event in one transaction, under the lease. */
@Component
class RunLedger {

    private static final Logger log = LoggerFactory.getLogger(RunLedger.class);

    private final RunTable runs;
    private final LeasedRun leased;
    private final RunMeters meters;
    private final InstantSource clock;
    private final WorkerTransactions transactions;

    RunLedger(
            RunTable runs,
            LeasedRun leased,
            RunMeters meters,
            InstantSource clock,
            WorkerTransactions transactions) {
        this.runs = runs;
        this.leased = leased;
        this.meters = meters;
        this.clock = clock;
        this.transactions = transactions;
    }

    /** Empty if the run has ended, or rests. */
    Optional<Lease> claim(RunJob job, String device) {
        return transactions.call(() -> {
            if (leased.pauseOrphan(job)) {
                event(
                        job.run(),
                        RunEvent.Type.PAUSED,
                        "its worker died before it could write a checkpoint");
                return Optional.empty();
            }
            Optional<Lease> lease = leased.claim(job, device, clock.instant());
            lease.ifPresent(_ -> event(job.run(), RunEvent.Type.PREPARING, "on " + device));
            return lease;
        });
    }

    /**
     * @param from where the run begins, in a sentence's words
     */
    void running(Lease lease, String from) {
        transactions.run(() -> {
            leased.running(lease);
            event(lease.run(), RunEvent.Type.RUNNING, "the data is ready; " + from);
        });
    }

    LeasedProgress progress(Lease lease) {
        return new LeasedProgress(lease, leased, meters);
    }

    /** Of an epoch that has ended. */
    Optional<Map<String, Double>> metrics(RunId id, int epoch) {
        return runs.epochs(id, epoch - 1, 1).stream().map(EpochRow::metrics).findFirst();
    }

    /** Its turn has come, and it still waits. */
    void waiting(RunId run, String why) {
        event(run, RunEvent.Type.WAITING, why);
    }

    /** Something that a user should know and that changes no state. */
    void note(Lease lease, RunEvent.Type type, String detail) {
        transactions.run(() -> {
            leased.hold(lease);
            event(lease.run(), type, detail);
        });
    }

    /**
     * @param publish makes the model's version, in the same transaction, and answers its number
     */
    void succeeded(Lease lease, Run.Result result, IntSupplier publish) {
        transactions.run(() -> {
            int version = publish.getAsInt();
            leased.succeeded(lease, OptionalInt.of(version), result, clock.instant());
            event(lease.run(), RunEvent.Type.SUCCEEDED, madeVersion(version));
        });
        ended(lease, RunState.SUCCEEDED);
    }

    /** Ends a run that makes no version: its result is in its last checkpoint. */
    void succeeded(Lease lease, Run.Result result) {
        transactions.run(() -> {
            leased.succeeded(lease, OptionalInt.empty(), result, clock.instant());
            event(lease.run(), RunEvent.Type.SUCCEEDED, "its result is in its last checkpoint");
        });
        ended(lease, RunState.SUCCEEDED);
    }

    /**
     * A run that had ended without a version has one.
     *
     * @param publish makes it and answers its number
     * @param together done in the same transaction, with that number
     */
    void published(RunId run, IntSupplier publish, IntConsumer together) {
        transactions.run(() -> {
            int version = publish.getAsInt();
            runs.setVersion(run, version);
            event(run, RunEvent.Type.PUBLISHED, madeVersion(version));
            together.accept(version);
        });
    }

    private static String madeVersion(int version) {
        return "made version " + version;
    }

    void failed(Lease lease, Run.Failure failure) {
        transactions.run(() -> {
            leased.failed(lease, failure, clock.instant());
            event(lease.run(), RunEvent.Type.FAILED, failure.detail());
        });
        ended(lease, RunState.FAILED);
    }

    void cancelled(Lease lease) {
        transactions.run(() -> {
            leased.cancelled(lease, clock.instant());
            event(lease.run(), RunEvent.Type.CANCELLED, "stopped while it was running");
        });
        ended(lease, RunState.CANCELLED);
    }

    void paused(Lease lease) {
        transactions.run(() -> {
            leased.paused(lease);
            event(lease.run(), RunEvent.Type.PAUSED, "rests until it is resumed");
        });
        log.info("paused");
    }

    /**
     * Gives a run back to the queue.
     *
     * @param why for whoever follows the run
     */
    void handBack(Lease lease, String why) {
        transactions.run(() -> {
            leased.handBack(lease);
            event(lease.run(), RunEvent.Type.QUEUED, why);
        });
        log.info("handed back: {}", why);
    }

    /** In the transaction that takes the run's job out of the queue. */
    void abandoned(RunJob job, String reason) {
        transactions.run(() -> {
            var failure = new Run.Failure(ProblemCode.TRAINING_FAILED, reason);
            if (runs.abandon(job, failure, clock.instant())) {
                event(job.run(), RunEvent.Type.FAILED, reason);
            }
        });
    }

    private void ended(Lease lease, RunState state) {
        runs.find(lease.run())
                .flatMap(run -> run.times().started())
                .ifPresent(started -> {
                    Duration time = Duration.between(started, clock.instant());
                    meters.ended(state, time);
                    log.info("{} after {} ms", state.text(), time.toMillis());
                });
    }

    private void event(RunId id, RunEvent.Type type, String detail) {
        runs.addEvent(id, type, detail, clock.instant());
    }
}
