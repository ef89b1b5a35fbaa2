package dev.hearth.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import dev.hearth.spec.InputForm;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.ModelPlan;
import dev.hearth.spec.OptimizationSpec;
import dev.hearth.spec.ParameterGroups;
import dev.hearth.spec.TransformSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A training run's program, loaded on a device. It owns its native memory and belongs to one thread
 * at a time.
 */
public final class TrainingProgram implements AutoCloseable {

    /**
     * What to compile.
     *
     * @param transforms what is done to images in training; what is done to them in evaluation is
     *     the input's
     */
    public record Source(
            ModelPlan plan,
            InputForm input,
            LossSpec loss,
            OptimizationSpec optimization,
            Batches batches,
            List<TransformSpec> transforms) {

        public Source {
            transforms = List.copyOf(transforms);
        }

        /** Without images. */
        public Source(
                ModelPlan plan,
                InputForm input,
                LossSpec loss,
                OptimizationSpec optimization,
                Batches batches) {
            this(plan, input, loss, optimization, batches, List.of());
        }

        /** Which parameter belongs to which of the optimiser's groups. */
        public ParameterGroups groups() {
            return ParameterGroups.of(optimization, plan.parameterNames());
        }
    }

    /**
     * How rows are dealt into mini-batches.
     *
     * @param size in rows; {@link Integer#MAX_VALUE} for all at once
     * @param weighted whether each row has a weight in the loss
     */
    public record Batches(int size, boolean shuffle, boolean weighted) {}

    /**
     * Rows on disk, little-endian and without a header.
     *
     * @param features FLOAT32 {@code [rows, input shape…]}; of images and tensors INT64 {@code
     *     [rows]}, their rows in the file that {@link #mapBlock} maps
     * @param targets of classes INT64 {@code [rows]}, else FLOAT32 {@code [rows, targets]}, or
     *     {@code [rows]} for {@code CosineEmbeddingLoss}
     * @param weights FLOAT32 {@code [rows]}; empty where all rows count the same
     */
    public record Rows(Path features, Path targets, Optional<Path> weights, long rows) {}

    private final Source source;
    private final PtNDManager scope;
    private final PtSymbolBlock program;
    private final ProgramMethods methods;
    private final MappedRows.Mapping mapping;
    private @Nullable MappedRows training;
    private @Nullable MappedRows heldOut;
    private @Nullable NDArray order;
    private @Nullable MappedBlock block;

    private TrainingProgram(Source source, PtNDManager scope, PtSymbolBlock program) {
        this.source = source;
        this.scope = scope;
        this.program = program;
        this.methods = new ProgramMethods(scope, program);
        this.mapping = new MappedRows.Mapping(source, scope, methods);
    }

    /**
     * Compiles and loads a program.
     *
     * @param device as from {@link LibTorch#chooseDevice}
     */
    public static TrainingProgram load(Source source, String device) {
        var archive = new ByteArrayOutputStream();
        try {
            compiler(source, device).compile(archive);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        PtNDManager scope = LibTorch.newScope(device);
        try {
            return new TrainingProgram(source, scope, LibTorch.load(archive.toByteArray(), scope));
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    static TrainerCompiler compiler(Source source, String device) {
        return new TrainerCompiler(
                new ModelCompiler(source.plan(), source.input(), source.loss()),
                source.optimization(),
                source.batches(),
                source.transforms(),
                device);
    }

    /**
     * Sets the run's generator and draws the initial parameters from it, as PyTorch's modules do.
     */
    public void initialize(long seed) {
        try (var call = methods.call("initialize")) {
            call.with(seed).run();
        }
    }

    /**
     * Encodes raw rows as the model's input, which is columns.
     *
     * @param raw {@code [rows, columns]}, row-major
     * @return FLOAT32 {@code [rows, inputs]}, little-endian
     */
    public ByteBuffer preprocess(double[] raw, int rows) {
        try (var call = methods.call("preprocess")) {
            var shape = new Shape(rows, raw.length / rows);
            NDArray encoded = call.with(raw, shape).run().singletonOrThrow();
            return encoded.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /**
     * Maps the file of the images or tensors that the rows are of; nothing of it is read before a
     * mini-batch needs it. To be called before {@link #bind}.
     */
    public void mapBlock(Path file) {
        mapBlock(file, DeviceMemory.machineBytes());
    }

    /**
     * @param memoryBytes that this process may take
     */
    void mapBlock(Path file, long memoryBytes) {
        block = MappedBlock.map(file, source, scope, methods, memoryBytes);
    }

    /**
     * Where the rows of mini-batches {@code first} to {@code end − 1} are among the values of the
     * mapped file, in bytes.
     */
    long[][] spans(long first, long end) {
        return bound(block).spans(bound(training), bound(order), first, end);
    }

    /** Maps the rows, and copies them to the device where that is not the CPU. */
    public void bind(Rows trainingRows, Optional<Rows> heldOutRows) {
        training = mapping.map(trainingRows);
        heldOutRows.ifPresent(rows -> heldOut = mapping.map(rows));
    }

    /** Maps other rows to evaluate, in place of those that were bound. */
    public void bindHeldOut(Rows rows) {
        MappedRows before = heldOut;
        heldOut = mapping.map(rows);
        if (before != null) {
            before.all().forEach(NDArray::close);
        }
    }

    /**
     * Draws the order of an epoch's rows; to be called before its first step.
     *
     * @return the seeds that were drawn for it: two, or one where rows are not shuffled
     */
    public List<Long> startEpoch() {
        try (var call = methods.call("start_epoch")) {
            NDList answer = call.with(bound(training).rows()).run();
            keepOrder(answer.get(0));
            return Arrays.stream(answer.get(1).toLongArray()).boxed().toList();
        }
    }

    /** Goes on within an epoch for which {@link #startEpoch} has drawn these seeds. */
    public void resumeEpoch(List<Long> seeds) {
        try (var call = methods.call("resume_epoch")) {
            long[] values = seeds.stream().mapToLong(Long::longValue).toArray();
            call.with(bound(training).rows()).withOnCpu(values);
            keepOrder(call.run().singletonOrThrow());
        }
    }

    private void keepOrder(NDArray drawn) {
        if (order != null) {
            order.close();
        }
        order = drawn;
        order.attach(scope);
        if (block != null) {
            block.startEpoch();
        }
    }

    /** Draws two numbers of 63 bits, and so moves the generator on by four of 32 bits. */
    public List<Long> probe() {
        try (var call = methods.call("probe")) {
            long[] drawn = call.run().singletonOrThrow().toLongArray();
            return Arrays.stream(drawn).boxed().toList();
        }
    }

    /**
     * Brings the generator to a place.
     *
     * @param seed of the run
     * @param drawn numbers of 32 bits that a generator of this seed has made there
     */
    public void seek(long seed, long drawn) {
        try (var call = methods.call("seek")) {
            call.with(seed).with(drawn).run();
        }
    }

    /**
     * Trains on mini-batches {@code first} to {@code first + count − 1} of the epoch. Where
     * gradients accumulate, {@code first} is the first one of a step and the last one ends a step.
     *
     * @param rates of the steps of the optimiser that this makes
     * @param before what the epoch has come to before
     * @return what it has come to then, or up to the first mini-batch whose loss is no finite
     *     number
     */
    public Sums trainSteps(long first, int count, StepRates rates, Sums before) {
        if (block != null) {
            block.beforeSteps(first, count, bound(training), bound(order));
        }
        try (var call = methods.call("train_steps")) {
            NDArray answer =
                    call.with(bound(training).all())
                            .with(bound(order))
                            .withOnCpu(rates)
                            .with(first)
                            .with(count)
                            .run()
                            .singletonOrThrow();
            return before.then(
                    losses(),
                    answer.toDoubleArray(),
                    batches(first, count, source.batches().size(), bound(training).rows()));
        }
    }

    /**
     * Loss and measurements over the held-out rows, in evaluation mode.
     *
     * @param batchSize rows at once; fewer where they would take much memory
     * @param needs what to find out; what the model's output cannot tell is left out
     */
    public Measurements evaluate(long batchSize, Set<Need> needs) {
        return averaged(() -> evaluateNow(batchSize, needs));
    }

    private Measurements evaluateNow(long most, Set<Need> needs) {
        MappedRows rows = bound(heldOut);
        if (block != null) {
            block.beforeEvaluation();
        }
        long batchSize = Math.min(most, source.plan().evaluationRows());
        var evaluation = new EvaluationCompiler(losses(), source.plan().output().last());
        List<Need> asked = needs.stream().sorted().filter(evaluation::isKnown).toList();
        int count = Math.toIntExact(Math.ceilDiv(rows.rows(), batchSize));
        try (var call = methods.call("evaluate")) {
            NDList answer =
                    call.with(rows.all())
                            .with(batchSize)
                            .with(asked.stream().mapToLong(Need::bit).sum())
                            .run();
            var reader = new MeasurementReader(asked, answer, rows.targets(), losses());
            return reader.read(batches(0, count, batchSize, rows.rows()));
        }
    }

    private Losses losses() {
        return new Losses(source.loss(), source.batches().weighted());
    }

    /** The rows of mini-batches {@code first} to {@code first + count − 1}. */
    private static long[] batches(long first, int count, long size, long rows) {
        return LongStream.range(first, first + count)
                .map(batch -> Math.min(size, rows - batch * size))
                .toArray();
    }

    /** A copy of the model as it is evaluated: with averaged parameters where there are such. */
    public StateDict state() {
        return averaged(this::trainedState);
    }

    /** A copy of the model as it is trained. */
    public StateDict trainedState() {
        return StateDict.of(
                StateTensor.of(source.plan()).stream().map(StateTensor::name).toList(),
                tensors("state"));
    }

    /**
     * A copy of what the optimiser keeps.
     *
     * @param rates of each group, which the program does not know
     */
    public OptimizerStateDict optimizerState(List<OptimizerStateDict.GroupRates> rates) {
        return OptimizerReading.read(steps(), tensors("optimizer_state"), rates);
    }

    /** Everything that is kept between steps but the generator. */
    public ProgramState save() {
        return new ProgramState(
                trainedState(), StateDict.of(steps().tensorNames(), tensors("optimizer_state")));
    }

    /**
     * Continues from what a program of the same specification has saved.
     *
     * @throws IllegalArgumentException if it was another specification's
     */
    public void restore(ProgramState state) {
        ProgramState mine = save();
        state.model().requireFormOf(mine.model());
        state.optimizer().requireFormOf(mine.optimizer());
        load("load_state", List.copyOf(state.model().tensors().values()));
        load("load_optimizer_state", List.copyOf(state.optimizer().tensors().values()));
    }

    private StepCompiler steps() {
        return new StepCompiler(source.optimization(), TrainerCompiler.parameters(source.plan()));
    }

    /** Does something while the averaged parameters are in the place of those that are trained. */
    private <T> T averaged(Supplier<T> what) {
        if (source.optimization().ema().isEmpty()) {
            return what.get();
        }
        swapAverage();
        T result = what.get();
        swapAverage();
        return result;
    }

    private void swapAverage() {
        methods.run("swap_average").close();
    }

    private List<TensorData> tensors(String method) {
        try (var call = methods.call(method)) {
            return call.run().stream().map(OptimizerReading::tensor).toList();
        }
    }

    private void load(String method, List<TensorData> values) {
        try (var call = scope.newSubManager(scope.getDevice())) {
            PtNDArray[] arrays =
                    values.stream()
                            .map(value -> (PtNDArray) OptimizerReading.array(value, call))
                            .toArray(PtNDArray[]::new);
            try (var list = IValue.listFrom(arrays)) {
                methods.run(method, list).close();
            }
        }
    }

    private static <T> T bound(@Nullable T array) {
        if (array == null) {
            throw new IllegalStateException("bind() and startEpoch() come first");
        }
        return array;
    }

    @Override
    public void close() {
        if (block != null) {
            block.close();
        }
        program.close();
        scope.close();
    }
}
