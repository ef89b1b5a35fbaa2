package dev.hearth.run;

import dev.hearth.dataset.Dataset;
import dev.hearth.spec.TrainingSpec;
import dev.hearth.torchscript.TensorFile;
import dev.hearth.train.Checkpoint;
import dev.hearth.train.CheckpointFile;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.springframework.stereotype.Service;

/** What runs that are parts of something have come to: it is in their last checkpoints. */
@Service
class PartResults {

    private final RunRequests requests;
    private final RunCheckpoints checkpoints;
    private final RunTraining training;
    private final RunPublisher publisher;
    private final RunLedger ledger;

    PartResults(
            RunRequests requests,
            RunCheckpoints checkpoints,
            RunTraining training,
            RunPublisher publisher,
            RunLedger ledger) {
        this.requests = requests;
        this.checkpoints = checkpoints;
        this.training = training;
        this.publisher = publisher;
        this.ledger = ledger;
    }

    /**
     * Makes the version that the run would have made by itself, of its last checkpoint.
     *
     * @param together done in the same transaction, with the version's number
     */
    void publish(Run run, IntConsumer together) throws IOException {
        TrainingSpec spec = requests.parse(run.request()).spec();
        Dataset dataset = training.dataset(run.dataset());
        Checkpoint last;
        try (TensorFile file = checkpoints.file(checkpoints.requireEnd(run.id()))) {
            last = CheckpointFile.read(file);
        }
        RunTraining.Trained trained = training.resultOf(last, spec, dataset);
        Map<String, Double> metrics =
                ledger.metrics(run.id(), trained.ending().epoch())
                        .orElseGet(() -> run.progress().metrics());
        publisher.publish(run, dataset, trained, metrics, together);
    }

    /** Gives the checkpoints' bytes back. */
    void release(List<RunPart> parts) {
        parts.forEach(part -> checkpoints.release(part.id()));
    }
}
