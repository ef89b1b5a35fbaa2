package dev.hearth.run;

import dev.hearth.dataset.Dataset;
import dev.hearth.http.Owner;
import dev.hearth.model.Lineage;
import dev.hearth.model.ModelFile;
import dev.hearth.model.ModelVersion;
import dev.hearth.model.Models;
import dev.hearth.storage.BlobStore;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.springframework.stereotype.Component;

/** Makes a model version of what a run trained. */
@Component
class RunPublisher {

    private final Models models;
    private final BlobStore blobs;
    private final RunLedger ledger;
    private final InstantSource clock;

    RunPublisher(Models models, BlobStore blobs, RunLedger ledger, InstantSource clock) {
        this.models = models;
        this.blobs = blobs;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Stores the files, then makes the version and ends the run in one transaction.
     *
     * @param metrics of the last epoch
     */
    void publish(
            Lease lease,
            Run run,
            Dataset dataset,
            RunTraining.Trained trained,
            Map<String, Double> metrics)
            throws IOException {
        Lineage lineage = lineage(run, dataset, Optional.empty());
        try (var claim = blobs.claim()) {
            IntFunction<ModelVersion> version =
                    version(run, lineage, trained, metrics, trained.files(claim, lineage));
            ledger.succeeded(
                    lease,
                    trained.evaluations(),
                    () -> models.publish(run.model(), version).number());
        }
    }

    /** Makes a version of what a checkpoint holds. */
    ModelVersion publish(
            Run run, Dataset dataset, RunTraining.Trained trained, RunCheckpoint checkpoint)
            throws IOException {
        Lineage lineage = lineage(run, dataset, Optional.of(checkpoint.number()));
        try (var claim = blobs.claim()) {
            List<ModelFile> files = trained.files(claim, lineage);
            IntFunction<ModelVersion> version =
                    version(run, lineage, trained, checkpoint.metrics(), files);
            return models.require(run.model(), models.publish(run.model(), version).number());
        }
    }

    /** Makes the version of any number. */
    private IntFunction<ModelVersion> version(
            Run run,
            Lineage lineage,
            RunTraining.Trained trained,
            Map<String, Double> metrics,
            List<ModelFile> files) {
        return number ->
                new ModelVersion(
                        run.model(),
                        number,
                        new Owner(run.rank().owner()),
                        lineage,
                        run.request(),
                        trained.input(),
                        trained.target(),
                        metrics,
                        trained.evaluations(),
                        trained.plan().parameterCount(),
                        files,
                        clock.instant());
    }

    private static Lineage lineage(Run run, Dataset dataset, Optional<Integer> checkpoint) {
        return new Lineage.Trained(
                run.id().value(), dataset.id().value(), dataset.sha256().hex(), checkpoint);
    }
}
