package dev.hearth.run;

import dev.hearth.dataset.Dataset;
import dev.hearth.spec.TrainingRequest;
import dev.hearth.train.Training;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * One worker's go at a run: from its last checkpoint, if there is one, to the model's version, or
 * to its last checkpoint where the run is a part of something that makes a version of the best.
 */
@Component
class RunAttempt {

    private static final Logger log = LoggerFactory.getLogger(RunAttempt.class);

    private final RunLedger ledger;
    private final RunCheckpoints checkpoints;
    private final RunTraining training;
    private final RunPublisher publisher;
    private final RunMeters meters;

    RunAttempt(
            RunLedger ledger,
            RunCheckpoints checkpoints,
            RunTraining training,
            RunPublisher publisher,
            RunMeters meters) {
        this.ledger = ledger;
        this.checkpoints = checkpoints;
        this.training = training;
        this.publisher = publisher;
        this.meters = meters;
    }

    /** A run that a worker has claimed. */
    record Claimed(Run run, TrainingRequest request, Lease lease, String device) {}

    /**
     * Trains, and publishes what is not a part.
     *
     * @param stopping whether the process is shutting down
     */
    void train(Claimed claimed, BooleanSupplier stopping) throws IOException {
        try (var gauges = meters.running(claimed.run())) {
            train(claimed, gauges, stopping);
        }
    }

    private void train(Claimed claimed, RunGauges gauges, BooleanSupplier stopping)
            throws IOException {
        Run run = claimed.run();
        Dataset dataset = training.dataset(run.dataset());
        Optional<RunCheckpoints.Loaded> from = checkpoints.newest(run, dataset);
        RunProgress progress = progress(claimed, dataset, gauges, stopping);
        from.ifPresent(loaded -> progress.goOnAfter(loaded.stored()));
        String where =
                from.map(loaded -> goesOn(loaded.stored())).orElse("the parameters are fresh");
        log.info("{}", where);
        RunTraining.Trained trained =
                training.train(
                        claimed.request().spec(),
                        dataset,
                        new RunTraining.Start(
                                claimed.device(), from.map(RunCheckpoints.Loaded::checkpoint)),
                        () -> ledger.running(claimed.lease(), where),
                        progress);
        Training.Ending ending = trained.ending();
        ending.early()
                .ifPresent(why ->
                        ledger.note(
                                claimed.lease(),
                                RunEvent.Type.STOPPED_EARLY,
                                "%s; the result is that of epoch %d"
                                        .formatted(why, ending.epoch())));
        if (run.partOf().isPresent()) {
            checkpoints.requireEnd(run.id());
            ledger.succeeded(claimed.lease(), trained.result());
            return;
        }
        publisher.publish(
                claimed.lease(),
                run,
                dataset,
                trained,
                ledger.metrics(run.id(), ending.epoch()).orElse(progress.lastMetrics()));
    }

    private static String goesOn(RunCheckpoint from) {
        return "it goes on from checkpoint %d, after epoch %d%s"
                .formatted(
                        from.number(),
                        from.epoch(),
                        from.batch() > 0 ? " and %d mini-batches".formatted(from.batch()) : "");
    }

    private RunProgress progress(
            Claimed claimed, Dataset dataset, RunGauges gauges, BooleanSupplier stopping) {
        Lease lease = claimed.lease();
        var policy = claimed.request().checkpoints();
        boolean holdsOut = claimed.request().spec().split().validates();
        Map<String, String> origin = Origin.of(claimed.run(), dataset, claimed.device());
        var writer =
                new LeasedCheckpoints(
                        lease,
                        checkpoints,
                        Keeping.of(policy, holdsOut),
                        origin,
                        new CheckpointWatch(lease, gauges));
        return new RunProgress(
                ledger.progress(lease, gauges),
                writer,
                new CheckpointPace(policy, System::nanoTime),
                stopping,
                System::nanoTime);
    }

    /** Counts the checkpoints of a run, and tells whoever follows it what goes wrong. */
    private final class CheckpointWatch implements LeasedCheckpoints.Watch {

        private final Lease lease;
        private final RunGauges gauges;

        CheckpointWatch(Lease lease, RunGauges gauges) {
            this.lease = lease;
            this.gauges = gauges;
        }

        @Override
        public void stored(long sizeBytes, Duration took) {
            meters.checkpoint(sizeBytes, took);
            gauges.checkpoint(sizeBytes);
        }

        @Override
        public void failed() {
            meters.checkpointFailed();
        }

        @Override
        public void failing(String why) {
            ledger.note(lease, RunEvent.Type.CHECKPOINT_FAILED, why);
        }
    }
}
