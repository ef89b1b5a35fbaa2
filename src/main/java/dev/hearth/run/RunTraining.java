package dev.hearth.run;

import dev.hearth.dataset.Dataset;
import dev.hearth.dataset.DatasetId;
import dev.hearth.dataset.Datasets;
import dev.hearth.dataset.Table;
import dev.hearth.model.Lineage;
import dev.hearth.model.ModelFile;
import dev.hearth.model.ModelFiles;
import dev.hearth.model.Target;
import dev.hearth.spec.Evaluation;
import dev.hearth.spec.Evaluations;
import dev.hearth.spec.InputForm;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.ModelPlan;
import dev.hearth.spec.TrainingSpec;
import dev.hearth.storage.BlobSink;
import dev.hearth.storage.Scratch;
import dev.hearth.torchscript.OptimizerStateDict;
import dev.hearth.torchscript.StateDict;
import dev.hearth.torchscript.TrainingProgram;
import dev.hearth.train.Checkpoint;
import dev.hearth.train.Evaluator;
import dev.hearth.train.LearningRates;
import dev.hearth.train.Scoring;
import dev.hearth.train.Split;
import dev.hearth.train.Training;
import dev.hearth.train.TrainingObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/** From a data set to a trained model: fits the preprocessing, writes the rows, trains. */
@Component
class RunTraining {

    /**
     * What came out.
     *
     * @param evaluations over the held-out rows
     */
    record Trained(
            ModelPlan plan,
            InputForm input,
            Target target,
            LossSpec loss,
            StateDict state,
            Optional<StateDict> trainedState,
            OptimizerStateDict optimizer,
            Evaluations evaluations,
            Training.Ending ending) {

        /** Stores the model and its optimiser in the formats that PyTorch reads. */
        List<ModelFile> files(BlobSink blobs, Lineage lineage) throws IOException {
            var files =
                    new ArrayList<>(
                            new ModelFiles(plan, input, loss, target, state).store(blobs, lineage));
            if (trainedState.isPresent()) {
                files.add(
                        new ModelFile(
                                ModelFile.RAW_STATE_DICT, blobs.put(trainedState.get()::writePt)));
            }
            files.add(new ModelFile(ModelFile.OPTIMIZER, blobs.put(optimizer::writePt)));
            return files;
        }
    }

    private final Datasets datasets;
    private final Scratch scratch;

    RunTraining(Datasets datasets, Scratch scratch) {
        this.datasets = datasets;
        this.scratch = scratch;
    }

    Dataset dataset(DatasetId id) {
        return datasets.require(id);
    }

    /**
     * Where and from what a training starts.
     *
     * @param device as from {@link dev.hearth.torchscript.LibTorch#chooseDevice}
     * @param checkpoint empty for fresh parameters
     */
    record Start(String device, Optional<Checkpoint> checkpoint) {}

    /**
     * Trains.
     *
     * @param prepared called when the data is ready and training begins
     */
    Trained train(
            TrainingSpec spec,
            Dataset dataset,
            Start start,
            Runnable prepared,
            TrainingObserver observer)
            throws IOException {
        return make(
                spec,
                dataset,
                start.device(),
                (training, program, rates) -> {
                    prepared.run();
                    return training.run(
                            program, rates, start.checkpoint(), observer, System::nanoTime);
                });
    }

    /** What a run would come to if it ended at a checkpoint; nothing is trained. */
    Trained at(Checkpoint checkpoint, TrainingSpec spec, Dataset dataset) throws IOException {
        return make(
                spec,
                dataset,
                "cpu",
                (training, program, rates) -> training.restore(program, rates, checkpoint));
    }

    /** Brings a program to where its result is taken from. */
    private interface Way {
        Training.Ending go(Training training, TrainingProgram program, LearningRates rates);
    }

    private Trained make(TrainingSpec spec, Dataset dataset, String device, Way way)
            throws IOException {
        Path folder = scratch.newFolder();
        try (Table table = datasets.open(dataset)) {
            RunPlan plan = RunPlan.of(spec, dataset, table);
            InputForm input = ModelInput.fit(plan.columns(), spec, table, plan.split().training());
            TrainingProgram.Source source = source(spec, plan, input);
            try (var program = TrainingProgram.load(source, device)) {
                plan.columns()
                        .block()
                        .ifPresent(
                                column -> program.mapBlock(datasets.block(dataset, column.name())));
                Training training = training(spec, plan, table, program, folder);
                var rates =
                        new LearningRates(
                                spec.optimization().scheduler(),
                                source.groups().optimizers(),
                                spec.schedule().epochs(),
                                training.updates());
                Training.Ending ending = way.go(training, program, rates);
                return new Trained(
                        plan.checked().plan(),
                        input,
                        plan.targets().target(spec.objective().task()),
                        source.loss(),
                        program.state(),
                        trainedState(spec, program),
                        program.optimizerState(rates.groups()),
                        evaluations(spec, plan, table, training, program, folder),
                        ending);
            }
        } finally {
            FileSystemUtils.deleteRecursively(folder);
        }
    }

    private static Evaluations evaluations(
            TrainingSpec spec,
            RunPlan plan,
            Table table,
            Training training,
            TrainingProgram program,
            Path folder)
            throws IOException {
        var evaluator = new Evaluator(spec.objective(), plan.targets().classes());
        long outputs = plan.checked().plan().output().last();
        Optional<Evaluation> validation =
                training.validation().map(split -> evaluator.evaluate(program, split, outputs));
        long[] rows = plan.split().test();
        if (rows.length == 0) {
            return new Evaluations(validation, Optional.empty());
        }
        // Only now, so that nothing that trains can have seen them.
        var files = new RowFiles(table, plan.columns(), plan.targets(), spec.loss());
        Split test = files.write(program, rows, folder, "test");
        program.bindHeldOut(test.rows());
        return new Evaluations(validation, Optional.of(evaluator.evaluate(program, test, outputs)));
    }

    /** Where the model has averaged parameters, those that they are the average of. */
    private static Optional<StateDict> trainedState(TrainingSpec spec, TrainingProgram program) {
        return spec.optimization().ema().map(_ -> program.trainedState());
    }

    private static TrainingProgram.Source source(TrainingSpec spec, RunPlan plan, InputForm input) {
        return new TrainingProgram.Source(
                plan.checked().plan(),
                input,
                plan.loss(spec),
                spec.optimization(),
                new TrainingProgram.Batches(
                        (int) plan.batchSize(spec),
                        spec.schedule().shuffle(),
                        spec.objective().sampleWeight().isPresent()),
                ModelInput.training(input, spec));
    }

    private static Training training(
            TrainingSpec spec, RunPlan plan, Table table, TrainingProgram program, Path folder)
            throws IOException {
        var files = new RowFiles(table, plan.columns(), plan.targets(), spec.loss());
        Split training = files.write(program, plan.split().training(), folder, "training");
        Optional<Split> validation =
                plan.split().validation().length == 0
                        ? Optional.empty()
                        : Optional.of(
                                files.write(
                                        program, plan.split().validation(), folder, "validation"));
        var pace =
                new Training.Pace(
                        spec.schedule().epochs(),
                        plan.batchSize(spec),
                        spec.schedule().dropLast(),
                        spec.optimization().gradients().accumulate(),
                        spec.schedule().stopping());
        return new Training(
                training, validation, new Scoring(spec.objective()), pace, spec.schedule().seed());
    }
}
