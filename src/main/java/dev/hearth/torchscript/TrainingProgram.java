package dev.hearth.torchscript;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.InputForm;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.ModelPlan;
import dev.hearth.spec.OptimizationSpec;
import dev.hearth.spec.ParameterGroups;
import dev.hearth.spec.TransformSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private static final long TORCH_FLOAT32 = 6;
    private static final long TORCH_INT64 = 4;

    private final Source source;
    private final PtNDManager scope;
    private final PtSymbolBlock program;
    private final Map<String, NDArray> methods = new HashMap<>();
    private @Nullable BoundRows training;
    private @Nullable BoundRows heldOut;
    private @Nullable NDArray order;
    private @Nullable ReadAhead readAhead;
    private int valueBytes;

    private TrainingProgram(Source source, PtNDManager scope, PtSymbolBlock program) {
        this.source = source;
        this.scope = scope;
        this.program = program;
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
        try (var call = new Call("initialize")) {
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
        try (var call = new Call("preprocess")) {
            var shape = new Shape(rows, raw.length / rows);
            NDArray encoded = call.with(call.scope.create(raw, shape)).run().singletonOrThrow();
            return encoded.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** Rows in memory, or on the device. */
    private record BoundRows(NDArray features, NDArray targets, Optional<NDArray> weights) {

        long rows() {
            return features.size(0);
        }

        List<NDArray> all() {
            var arrays = new ArrayList<>(List.of(features, targets));
            weights.ifPresent(arrays::add);
            return arrays;
        }
    }

    /**
     * Maps the file of the images or tensors that the rows are of; nothing of it is read before a
     * mini-batch needs it. To be called before {@link #bind}.
     */
    public void mapBlock(Path file) {
        mapBlock(file, ReadAhead.memoryBytes());
    }

    /**
     * @param memoryBytes that this process may take
     */
    void mapBlock(Path file, long memoryBytes) {
        var block = BlockFile.of(file, (BlockInput) source.input());
        long[] places = block.places().stream().mapToLong(Long::longValue).toArray();
        try (var path = IValue.from(file.toString());
                var shared = IValue.from(block.isShared());
                var extents = IValue.listFrom(places);
                var mapped =
                        LibTorch.call(() ->
                                IValueUtils.runMethod(
                                        program, BlockCode.MAP, path, shared, extents));
                var first = mapped.toTensor(scope)) {
            valueBytes = first.getDataType().getNumOfBytes();
            if (source.batches().shuffle()) {
                var address = MemorySegment.ofBuffer(first.toByteBuffer(true)).address();
                var values = new ReadAhead.Mapping(address, block.values() * valueBytes);
                readAhead = ReadAhead.of(values, memoryBytes).orElse(null);
            }
        }
    }

    /**
     * Where the rows of mini-batches {@code first} to {@code end − 1} are among the values, in
     * bytes.
     */
    long[][] spans(long first, long end) {
        int size = source.batches().size();
        try (var call = new Call(BlockCode.SPANS)) {
            long[] ends =
                    call.with(bound(training).features())
                            .with(bound(order))
                            .with(first * size)
                            .with(end * size)
                            .run()
                            .singletonOrThrow()
                            .toLongArray();
            var spans = new long[ends.length / 2][];
            for (int i = 0; i < spans.length; i++) {
                spans[i] = new long[] {ends[2 * i] * valueBytes, ends[2 * i + 1] * valueBytes};
            }
            return spans;
        }
    }

    /** Maps the rows, and copies them to the device where that is not the CPU. */
    public void bind(Rows trainingRows, Optional<Rows> heldOutRows) {
        training = map(trainingRows);
        heldOutRows.ifPresent(rows -> heldOut = map(rows));
    }

    /** Maps other rows to evaluate, in place of those that were bound. */
    public void bindHeldOut(Rows rows) {
        BoundRows before = heldOut;
        heldOut = map(rows);
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
        try (var call = new Call("start_epoch")) {
            NDList answer = call.with(bound(training).rows()).run();
            keepOrder(answer.get(0));
            return Arrays.stream(answer.get(1).toLongArray()).boxed().toList();
        }
    }

    /** Goes on within an epoch for which {@link #startEpoch} has drawn these seeds. */
    public void resumeEpoch(List<Long> seeds) {
        try (var call = new Call("resume_epoch")) {
            long[] values = seeds.stream().mapToLong(Long::longValue).toArray();
            NDArray onCpu = call.scope.newSubManager(Device.cpu()).create(values);
            keepOrder(call.with(bound(training).rows()).with(onCpu).run().singletonOrThrow());
        }
    }

    private void keepOrder(NDArray drawn) {
        if (order != null) {
            order.close();
        }
        order = drawn;
        order.attach(scope);
        if (readAhead != null) {
            readAhead.startEpoch();
        }
    }

    /** Draws two numbers of 63 bits, and so moves the generator on by four of 32 bits. */
    public List<Long> probe() {
        try (var call = new Call("probe")) {
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
        try (var call = new Call("seek")) {
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
        if (readAhead != null) {
            long batches = Math.ceilDiv(bound(training).rows(), (long) source.batches().size());
            readAhead.beforeSteps(first, count, batches, this::spans);
        }
        try (var call = new Call("train_steps")) {
            NDArray answer =
                    call.with(bound(training).all())
                            .with(bound(order))
                            .with(call.onCpu(rates))
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
        BoundRows rows = bound(heldOut);
        if (readAhead != null) {
            readAhead.beforeEvaluation();
        }
        long batchSize = Math.min(most, source.plan().evaluationRows());
        var evaluation = new EvaluationCompiler(losses(), source.plan().output().last());
        List<Need> asked = needs.stream().sorted().filter(evaluation::isKnown).toList();
        int count = Math.toIntExact(Math.ceilDiv(rows.rows(), batchSize));
        try (var call = new Call("evaluate")) {
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
        LibTorch.call(() -> IValueUtils.runMethod(program, "swap_average")).close();
    }

    private List<TensorData> tensors(String method) {
        try (var call = new Call(method)) {
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
                LibTorch.call(() -> IValueUtils.runMethod(program, method, list)).close();
            }
        }
    }

    private BoundRows map(Rows rows) {
        NDArray features =
                switch (source.input()) {
                    case Encoding _ ->
                            map(
                                    rows.features(),
                                    rows.rows(),
                                    source.plan().input().dims(),
                                    TORCH_FLOAT32);
                    case BlockInput _ -> map(rows.features(), rows.rows(), List.of(), TORCH_INT64);
                };
        return new BoundRows(
                features,
                map(rows.targets(), rows.rows(), targetShape(), targetType()),
                rows.weights().map(file -> map(file, rows.rows(), List.of(), TORCH_FLOAT32)));
    }

    /** Of one row. */
    private List<Long> targetShape() {
        return switch (source.loss()) {
            case LossSpec.CrossEntropyLoss _, LossSpec.NLLLoss _, LossSpec.CosineEmbeddingLoss _ ->
                    List.of();
            case LossSpec.MSELoss _,
                    LossSpec.L1Loss _,
                    LossSpec.SmoothL1Loss _,
                    LossSpec.HuberLoss _,
                    LossSpec.PoissonNLLLoss _,
                    LossSpec.KLDivLoss _,
                    LossSpec.BCELoss _,
                    LossSpec.BCEWithLogitsLoss _,
                    LossSpec.MultiLabelSoftMarginLoss _,
                    LossSpec.HingeEmbeddingLoss _ ->
                    source.plan().output().dims();
        };
    }

    private long targetType() {
        return source.loss().task(1) == LossSpec.Task.CLASSIFICATION ? TORCH_INT64 : TORCH_FLOAT32;
    }

    private NDArray map(Path file, long rows, List<Long> sample, long type) {
        long[] shape =
                LongStream.concat(LongStream.of(rows), sample.stream().mapToLong(extent -> extent))
                        .toArray();
        try (var path = IValue.from(file.toString());
                var extents = IValue.listFrom(shape);
                var dtype = IValue.from(type);
                var mapped =
                        LibTorch.call(() ->
                                IValueUtils.runMethod(program, "map_file", path, extents, dtype))) {
            PtNDArray onCpu = mapped.toTensor(scope);
            if (onCpu.getDevice().equals(scope.getDevice())) {
                return onCpu;
            }
            try (onCpu) {
                return onCpu.toDevice(scope.getDevice(), true);
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
        if (readAhead != null) {
            readAhead.close();
        }
        program.close();
        scope.close();
    }

    /** One call of a method, and the native memory of its arguments and results. */
    private final class Call implements AutoCloseable {
        private final PtNDManager scope =
                TrainingProgram.this.scope.newSubManager(TrainingProgram.this.scope.getDevice());
        private final NDList arguments = new NDList();

        Call(String method) {
            // The first array names the method and is not passed on.
            arguments.add(methods.computeIfAbsent(method, this::nameOf));
        }

        private NDArray nameOf(String method) {
            NDArray name = TrainingProgram.this.scope.create(0);
            name.setName("module_method:" + method);
            return name;
        }

        Call with(NDArray argument) {
            arguments.add(argument);
            return this;
        }

        Call with(List<NDArray> several) {
            several.forEach(arguments::add);
            return this;
        }

        NDArray onCpu(StepRates rates) {
            var cpu = scope.newSubManager(Device.cpu());
            int columns = rates.values().length / rates.steps();
            return cpu.create(rates.values(), new Shape(rates.steps(), columns));
        }

        Call with(long argument) {
            return with(scope.create(argument));
        }

        NDList run() {
            NDList results = LibTorch.call(() -> IValueUtils.forward(program, arguments, true));
            results.attach(scope);
            return results;
        }

        @Override
        public void close() {
            scope.close();
        }
    }
}
