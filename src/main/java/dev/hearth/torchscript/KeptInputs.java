package dev.hearth.torchscript;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A program's inputs: float64 tensors {@code [rows, columns]}. Those of few rows are kept on the
 * CPU from call to call, as to make one and to throw it away takes as long as one of a small
 * model's layers; their tensors share the memory that the numbers are written to. Any number of
 * threads may use them at once.
 */
final class KeptInputs implements AutoCloseable {

    private static final int MOST_ROWS = 16;

    private final PtNDManager scope;

    /** By number of rows, one of each. Whoever uses it has taken it out. */
    private final AtomicReferenceArray<@Nullable Input> kept =
            new AtomicReferenceArray<>(MOST_ROWS + 1);

    KeptInputs(PtNDManager scope) {
        this.scope = scope;
    }

    private record Input(ByteBuffer bytes, PtNDArray array, IValue value) implements AutoCloseable {

        void fill(double[] raw) {
            bytes.asDoubleBuffer().put(raw);
        }

        boolean holds(double[] raw) {
            return bytes.capacity() == raw.length * Double.BYTES;
        }

        @Override
        public void close() {
            value.close();
            array.close();
        }
    }

    /**
     * Computes with an input.
     *
     * @param raw {@code [rows, columns]}, row-major
     * @param work which keeps nothing of the input
     */
    <T> T with(double[] raw, int rows, Function<IValue, T> work) {
        if (rows > MOST_ROWS || scope.getDevice().isGpu()) {
            try (var input = made(raw, rows)) {
                return work.apply(input.value());
            }
        }
        Input input = kept.getAndSet(rows, null);
        if (input == null || !input.holds(raw)) {
            closeIfAny(input);
            input = made(raw, rows);
        } else {
            input.fill(raw);
        }
        try {
            return work.apply(input.value());
        } finally {
            closeIfAny(kept.getAndSet(rows, input)); // another one's, who came meanwhile
        }
    }

    private Input made(double[] raw, int rows) {
        var bytes =
                ByteBuffer.allocateDirect(Math.multiplyExact(raw.length, Double.BYTES))
                        .order(ByteOrder.nativeOrder());
        bytes.asDoubleBuffer().put(raw);
        var array = scope.create(bytes, new Shape(rows, raw.length / rows), DataType.FLOAT64);
        return new Input(bytes, array, IValue.from(array));
    }

    private static void closeIfAny(@Nullable Input input) {
        if (input != null) {
            input.close();
        }
    }

    @Override
    public void close() {
        for (int rows = 0; rows <= MOST_ROWS; rows++) {
            closeIfAny(kept.getAndSet(rows, null));
        }
    }
}
