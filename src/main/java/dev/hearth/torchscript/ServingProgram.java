package dev.hearth.torchscript;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;

/** A trained model, loaded for predictions. Any number of threads may call it at once. */
public final class ServingProgram implements AutoCloseable {

    private final PtNDManager scope;
    private final PtSymbolBlock program;

    private ServingProgram(PtNDManager scope, PtSymbolBlock program) {
        this.scope = scope;
        this.program = program;
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

    /**
     * Predicts rows.
     *
     * @param raw {@code [rows, columns]}, row-major, in the order of the model's encoding
     * @return {@code [rows, outputs]}, row-major: probabilities, or values
     * @throws UnfitValuesException where the model has no answer to them
     */
    public float[] predict(double[] raw, int rows) {
        return LibTorch.call(() -> predictNow(raw, rows));
    }

    private float[] predictNow(double[] raw, int rows) {
        try (var call = scope.newSubManager(scope.getDevice());
                var input = (PtNDArray) call.create(raw, new Shape(rows, raw.length / rows));
                var argument = IValue.from(input);
                var answer = IValueUtils.runMethod(program, "predict", argument);
                var output = answer.toTensor(call)) {
            return output.toFloatArray();
        }
    }

    @Override
    public void close() {
        program.close();
        scope.close();
    }
}
