package dev.hearth.torchscript;

import static java.util.stream.Collectors.joining;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import dev.hearth.VocabularyCase;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.Limits;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.LossWeights;
import dev.hearth.spec.ModelPlan;
import dev.hearth.spec.ModelPlanner;
import dev.hearth.spec.SpecReader;
import dev.hearth.spec.TrainingRequest;
import dev.hearth.spec.TrainingSpec;
import dev.hearth.torchscript.ScriptModule.Method;
import dev.hearth.torchscript.TrainerCompiler.NamedParameter;
import dev.hearth.train.Checkpoint;
import dev.hearth.train.LearningRates;
import dev.hearth.train.Scoring;
import dev.hearth.train.Split;
import dev.hearth.train.Training;
import dev.hearth.train.TrainingObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A case's specification, compiled and run the way that runs are. */
final class VocabularyPrograms {

    private final TrainingSpec spec;
    private final ModelPlan plan;
    private final Map<String, TensorData> data;

    /**
     * @param data with {@code inputs}, {@code targets} and, if rows have weights, {@code weights}
     */
    VocabularyPrograms(VocabularyCase which, Map<String, TensorData> data) {
        TrainingRequest request =
                new SpecReader(Limits.DEFAULT)
                        .read(which.specification(), TrainingRequest.Purpose.CHECK);
        this.spec = request.spec();
        this.plan =
                new ModelPlanner(Limits.DEFAULT)
                        .plan(spec.model(), request.inputShape().orElseThrow(), "/model");
        this.data = data;
    }

    private long rows() {
        return tensor("inputs").shape().getFirst();
    }

    private TensorData tensor(String name) {
        return Optional.ofNullable(data.get(name)).orElseThrow();
    }

    private int batchSize() {
        OptionalInt size = spec.schedule().batchSize();
        return (int) Math.min(size.orElse(Integer.MAX_VALUE), rows());
    }

    private TrainingProgram.Source source() {
        return new TrainingProgram.Source(
                plan,
                new Encoding(List.of(new Encoding.Numeric("x"))),
                loss(),
                spec.optimization(),
                new TrainingProgram.Batches(batchSize(), spec.schedule().shuffle(), isWeighted()));
    }

    private boolean isWeighted() {
        return spec.objective().sampleWeight().isPresent();
    }

    /** With balanced weights counted out, over all rows, since there is no split. */
    private LossSpec loss() {
        TensorData targets = tensor("targets");
        boolean classes = targets.type() == TensorData.Type.INT64;
        int width = Math.toIntExact(classes ? plan.output().last() : targets.elements() / rows());
        var counts = new long[width];
        ByteBuffer bytes = targets.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < targets.elements(); i++) {
            if (classes) {
                counts[(int) bytes.getLong()]++;
            } else if (bytes.getFloat() == 1) {
                counts[i % width]++;
            }
        }
        List<String> names = IntStream.range(0, width).mapToObj(String::valueOf).toList();
        return new LossWeights(names, counts, rows()).resolve(spec.loss(), plan.output().last());
    }

    /** The whole program. */
    ScriptModule trainer() {
        return TrainingProgram.compiler(source(), "cpu").module();
    }

    /** The first mini-batch's {@code eval}, {@code train}, {@code loss} and {@code gradient/…}. */
    SequencedMap<String, TensorData> firstBatch() {
        TrainerCompiler compiler = TrainingProgram.compiler(source(), "cpu");
        ScriptModule trainer = compiler.module();
        List<NamedParameter> parameters = TrainerCompiler.parameters(plan);
        var methods = new ArrayList<>(trainer.methods());
        List<String> rows = isWeighted() ? List.of("x", "y", "w") : List.of("x", "y");
        methods.add(new Method("first_batch", rows, "List[Tensor]", probe(compiler)));
        var made = new LinkedHashMap<String, TensorData>();
        try (var program =
                new Loaded(new ScriptModule(trainer.className(), trainer.attributes(), methods))) {
            program.call("initialize", program.scope.create(spec.schedule().seed()));
            NDArray[] batch =
                    Stream.of("inputs", "targets", "weights")
                            .limit(rows.size())
                            .map(program::batch)
                            .toArray(NDArray[]::new);
            NDList answer = program.call("first_batch", batch);
            made.put("eval", read(answer.get(0)));
            made.put("train", read(answer.get(1)));
            made.put("loss", read(answer.get(2)));
            for (int i = 0; i < parameters.size(); i++) {
                made.put("gradient/" + parameters.get(i).name(), read(answer.get(3 + i)));
            }
        }
        return made;
    }

    private List<String> probe(TrainerCompiler compiler) {
        List<NamedParameter> parameters = TrainerCompiler.parameters(plan);
        var lines = new ArrayList<String>();
        lines.add("torch.set_grad_enabled(False)");
        lines.addAll(compiler.mode(false));
        lines.add("quiet = (self.model).forward(x, )");
        lines.addAll(compiler.mode(true));
        lines.addAll(compiler.backward(parameters, "loss"));
        lines.add(
                IntStream.range(0, parameters.size())
                        .mapToObj(i -> ", unchecked_cast(Tensor, grads[" + i + "])")
                        .collect(
                                joining(
                                        "",
                                        "return [quiet, torch.detach(out), torch.detach(loss)",
                                        "]")));
        return lines;
    }

    /** The state dictionary after construction. */
    StateDict initial() {
        try (var program = TrainingProgram.load(source(), "cpu")) {
            program.initialize(spec.schedule().seed());
            return program.state();
        }
    }

    /** What some steps came to. */
    record Trained(
            List<Double> losses,
            List<StepRates> rates,
            StateDict state,
            OptimizerStateDict optimizer) {}

    /**
     * Trains as {@link dev.hearth.train.Training} does, step by step.
     *
     * @param folder for the rows
     */
    Trained train(int steps, Path folder) throws IOException {
        TrainingProgram.Rows rows = files(folder);
        var losses = new ArrayList<Double>();
        var used = new ArrayList<StepRates>();
        int accumulate = spec.optimization().gradients().accumulate();
        LearningRates rates = rates();
        try (TrainingProgram program = start(rows)) {
            while (losses.size() < steps) {
                program.startEpoch();
                Sums epoch = Sums.NONE;
                for (long step = 0;
                        step < batchesPerEpoch() && losses.size() < steps;
                        step += accumulate) {
                    used.add(rates.next(1));
                    int count = (int) Math.min(accumulate, batchesPerEpoch() - step);
                    Sums sums = program.trainSteps(step, count, used.getLast(), Sums.NONE);
                    losses.add(
                            spec.loss().reduction() == LossSpec.Reduction.SUM
                                    ? sums.loss()
                                    : sums.meanLoss());
                    epoch = epoch.plus(sums);
                }
                rates.epochEnded(Map.of("train_loss", epoch.loss() / epoch.rows()));
            }
            return new Trained(
                    losses, used, program.state(), program.optimizerState(rates.groups()));
        }
    }

    private TrainingProgram.Rows files(Path folder) throws IOException {
        Optional<Path> weights =
                isWeighted() ? Optional.of(write("weights", folder)) : Optional.empty();
        return new TrainingProgram.Rows(
                write("inputs", folder), write("targets", folder), weights, rows());
    }

    /**
     * A whole run, as the service makes it, its training rows being held out, too.
     *
     * @param from where to go on
     */
    Trained run(
            Path folder,
            Optional<Checkpoint> from,
            TrainingObserver observer,
            LongSupplier nanoTime)
            throws IOException {
        var split = new Split(files(folder), List.of(1.0));
        TrainingSpec.Schedule schedule = spec.schedule();
        var pace =
                new Training.Pace(
                        schedule.epochs(),
                        batchSize(),
                        schedule.dropLast(),
                        spec.optimization().gradients().accumulate(),
                        schedule.stopping());
        var training =
                new Training(
                        split,
                        Optional.of(split),
                        new Scoring(spec.objective()),
                        pace,
                        schedule.seed());
        LearningRates rates = rates();
        try (var program = TrainingProgram.load(source(), "cpu")) {
            training.run(program, rates, from, observer, nanoTime);
            return new Trained(
                    List.of(), List.of(), program.state(), program.optimizerState(rates.groups()));
        }
    }

    private TrainingProgram start(TrainingProgram.Rows rows) {
        TrainingProgram program = TrainingProgram.load(source(), "cpu");
        program.initialize(spec.schedule().seed());
        program.bind(rows, Optional.empty());
        return program;
    }

    private long batchesPerEpoch() {
        return spec.schedule().dropLast()
                ? rows() / batchSize()
                : Math.ceilDiv(rows(), batchSize());
    }

    private LearningRates rates() {
        int epochs = spec.schedule().epochs();
        int accumulate = spec.optimization().gradients().accumulate();
        return new LearningRates(
                spec.optimization().scheduler(),
                source().groups().optimizers(),
                epochs,
                epochs * Math.ceilDiv(batchesPerEpoch(), (long) accumulate));
    }

    private Path write(String name, Path folder) throws IOException {
        var bytes = new byte[tensor(name).bytes().remaining()];
        tensor(name).bytes().duplicate().get(bytes);
        return Files.write(folder.resolve(name), bytes);
    }

    /** The first mini-batch's output from the file that a trained model is exported to. */
    TensorData exported(StateDict state) {
        var compiler = new ModelCompiler(plan, source().encoding(), loss());
        var module = compiler.module(new Layers(state, Layers.Randomness.PROCESS, false));
        try (var program = new Loaded(module)) {
            NDList answer = program.call("forward", program.batch("inputs"));
            return read(answer.singletonOrThrow());
        }
    }

    private static TensorData read(NDArray array) {
        TensorData.Type type =
                switch (array.getDataType()) {
                    case FLOAT32 -> TensorData.Type.FLOAT32;
                    case FLOAT64 -> TensorData.Type.FLOAT64;
                    case INT64 -> TensorData.Type.INT64;
                    default -> throw new IllegalStateException("type " + array.getDataType());
                };
        var shape = new ArrayList<Long>();
        for (long extent : array.getShape().getShape()) {
            shape.add(extent);
        }
        return new TensorData(type, shape, array.toByteBuffer());
    }

    /** An archive in libtorch. */
    private final class Loaded implements AutoCloseable {
        private final PtNDManager scope = LibTorch.newScope("cpu");
        private final PtSymbolBlock program;

        Loaded(ScriptModule module) {
            var archive = new ByteArrayOutputStream();
            try {
                ModelCompiler.writeArchive(module, archive);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            program = LibTorch.load(archive.toByteArray(), scope);
        }

        NDArray batch(String name) {
            TensorData all = tensor(name);
            long[] shape = all.shape().stream().mapToLong(Long::longValue).toArray();
            DataType type = all.type() == TensorData.Type.INT64 ? DataType.INT64 : DataType.FLOAT32;
            NDArray rows = scope.create(all.bytes().duplicate(), new Shape(shape), type);
            return rows.get("0:" + batchSize());
        }

        NDList call(String method, NDArray... arguments) {
            NDArray name = scope.create(0);
            name.setName("module_method:" + method);
            var list = new NDList(name);
            list.addAll(List.of(arguments));
            NDList results = IValueUtils.forward(program, list, true);
            results.attach(scope);
            return results;
        }

        @Override
        public void close() {
            program.close();
            scope.close();
        }
    }
}
