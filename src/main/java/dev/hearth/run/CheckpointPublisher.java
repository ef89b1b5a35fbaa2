package dev.hearth.run;

import dev.hearth.dataset.Dataset;
import dev.hearth.model.ModelVersion;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.TrainingSpec;
import dev.hearth.torchscript.TensorFile;
import dev.hearth.train.Checkpoint;
import dev.hearth.train.CheckpointFile;
import java.io.IOException;
import org.springframework.stereotype.Service;

/** Makes a model version of a checkpoint. */
@Service
class CheckpointPublisher {

    private final RunRequests requests;
    private final RunCheckpoints checkpoints;
    private final RunTraining training;
    private final RunPublisher publisher;

    CheckpointPublisher(
            RunRequests requests,
            RunCheckpoints checkpoints,
            RunTraining training,
            RunPublisher publisher) {
        this.requests = requests;
        this.checkpoints = checkpoints;
        this.training = training;
        this.publisher = publisher;
    }

    ModelVersion publish(Run run, RunCheckpoint stored) throws IOException {
        if (stored.epoch() == 0 && stored.batch() == 0) {
            throw new ProblemException(
                    ProblemCode.INVALID_STATE, "nothing had been trained at this checkpoint");
        }
        TrainingSpec spec = requests.parse(run.request()).spec();
        Dataset dataset = training.dataset(run.dataset());
        Checkpoint checkpoint;
        try (TensorFile file = checkpoints.file(stored)) {
            checkpoint = CheckpointFile.read(file);
        }
        return publisher.publish(run, dataset, training.at(checkpoint, spec, dataset), stored);
    }
}
