package dev.hearth.torchscript;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import dev.hearth.spec.BlockInput;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A trained model, loaded for predictions. Any number of threads may call it at once. */
public final class ServingProgram implements AutoCloseable {

    /** Images may be large, so not all are looked at at once. */
    private static final int MOST_CELLS = 64;

    private final PtNDManager scope;
    private final PtSymbolBlock program;
    private final KeptInputs inputs;

    /** Made when it is first asked for, as most models are never explained. */
    private @Nullable ScoreProgram scores;

    private ServingProgram(PtNDManager scope, PtSymbolBlock program) {
        this.scope = scope;
        this.program = program;
        this.inputs = new KeptInputs(scope);
    }

    /**
     * Loads what {@link ModelCompiler} wrote. Never call this with bytes that a user sent: an
     * archive is a program.
     *
     * @param device as from {@link LibTorch#chooseDevice}
     */
    public static ServingProgram load(byte[] archive, String device) {
        PtNDManager scope = LibTorch.newScope(device);
        try {
            return new ServingProgram(scope, LibTorch.load(archive, scope));
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    /** As {@link #predict(double[], int, Laps)}, where nobody asks how long it takes. */
    public float[] predict(double[] raw, int rows) {
        return predict(raw, rows, new Laps());
    }

    /**
     * Predicts rows.
     *
     * @param raw {@code [rows, columns]}, row-major, in the order of the model's encoding
     * @param laps told how long it took
     * @return {@code [rows, outputs]}, row-major: probabilities, or values
     * @throws UnfitValuesException where the model has no answer to them
     */
    public float[] predict(double[] raw, int rows, Laps laps) {
        return LibTorch.call(() -> predictNow(raw, rows, laps));
    }

    private float[] predictNow(double[] raw, int rows, Laps laps) {
        return inputs.with(raw, rows, input -> predict(input, laps));
    }

    /** As {@link #predict(List, Laps)}, where nobody asks how long it takes. */
    public float[] predict(List<Cell> cells) {
        return predict(cells, new Laps());
    }

    /**
     * Predicts images or tensors; those that are alike in shape and follow each other are looked at
     * together.
     *
     * @param laps told how long it took
     * @return {@code [cells, outputs]}, row-major: probabilities, or values
     * @throws UnfitValuesException where the model has no answer to them
     */
    public float[] predict(List<Cell> cells, Laps laps) {
        var parts = new ArrayList<float[]>();
        for (int first = 0; first < cells.size(); ) {
            int end = first + 1;
            while (end < cells.size()
                    && end - first < MOST_CELLS
                    && cells.get(end).shape().equals(cells.get(first).shape())) {
                end++;
            }
            List<Cell> alike = cells.subList(first, end);
            parts.add(LibTorch.call(() -> predictAlike(alike, laps)));
            first = end;
        }
        int width = parts.stream().mapToInt(part -> part.length).sum();
        var joined = FloatBuffer.allocate(width);
        parts.forEach(joined::put);
        return joined.array();
    }

    private float[] predictAlike(List<Cell> cells, Laps laps) {
        try (var input = array(cells, scope);
                var argument = IValue.from(input)) {
            return predict(argument, laps);
        }
    }

    /** Images or tensors of one shape, {@code [cells, shape…]}. */
    static PtNDArray array(List<Cell> cells, PtNDManager call) {
        Cell first = cells.getFirst();
        int bytes = first.bytes().remaining();
        var all = ByteBuffer.allocateDirect(Math.multiplyExact(bytes, cells.size()));
        cells.forEach(cell -> all.put(cell.bytes().duplicate()));
        long[] shape =
                LongStream.concat(
                                LongStream.of(cells.size()),
                                first.shape().stream().mapToLong(extent -> extent))
                        .toArray();
        DataType type =
                switch (first.type()) {
                    case UINT8 -> DataType.UINT8;
                    case FLOAT32 -> DataType.FLOAT32;
                };
        return call.create(all.flip(), new Shape(shape), type);
    }

    /** Predicts one image or tensor of zeros, of any shape that the model takes. */
    public float[] predictZeros(BlockInput input) {
        List<Long> shape =
                input.shape().stream()
                        .map(extent -> extent == BlockInput.VARIES ? 64L : extent)
                        .toList();
        Cell.Type type =
                switch (input.kind()) {
                    case IMAGE -> Cell.Type.UINT8;
                    case TENSOR -> Cell.Type.FLOAT32;
                };
        long bytes = shape.stream().reduce((long) type.size, Math::multiplyExact);
        var zeros = ByteBuffer.allocate(Math.toIntExact(bytes));
        return predict(List.of(new Cell(type, shape, zeros)));
    }

    /** What the model's own output is, and its gradients; closed with this program. */
    public synchronized ScoreProgram scores() {
        if (scores == null) {
            scores = new ScoreProgram(scope, program);
        }
        return scores;
    }

    private float[] predict(IValue input, Laps laps) {
        long begin = System.nanoTime();
        try (var answer = run(input);
                var output = answer.toTensor(scope)) {
            long end = System.nanoTime();
            laps.infer(end - begin);
            float[] values = output.toFloatArray();
            laps.output(System.nanoTime() - end);
            return values;
        }
    }

    private IValue run(IValue argument) {
        LibTorch.enterThread();
        return IValueUtils.runMethod(program, "predict", argument);
    }

    @Override
    public synchronized void close() {
        if (scores != null) {
            scores.close();
        }
        inputs.close();
        program.close();
        scope.close();
    }
}
