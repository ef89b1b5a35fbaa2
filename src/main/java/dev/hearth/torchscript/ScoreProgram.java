package dev.hearth.torchscript;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import dev.hearth.torchscript.ScriptModule.Method;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * A loaded model's own output, before what serving makes of it, and that output's gradients with
 * respect to the model's input. Any number of threads may call it at once.
 *
 * <p>It works on the archive that predictions are served from, whose {@code preprocess} and {@code
 * forward} it calls, beside a program of a few lines that is the same for all models: it picks a
 * number of each row and asks {@code torch.autograd.grad} for its gradient, so that the model's
 * parameters gather none.
 */
public final class ScoreProgram implements AutoCloseable {

    private static final String FLAT = "torch.reshape(out, [torch.size(out, 0), -1])";
    private static final byte[] CODE = code();

    private final PtNDManager scope;
    private final PtSymbolBlock model;
    private final PtSymbolBlock scores;

    ScoreProgram(PtNDManager scope, PtSymbolBlock model) {
        this.scope = scope;
        this.model = model;
        this.scores = LibTorch.load(CODE, scope);
    }

    /**
     * <ul>
     *   <li>{@code scores(out)}: a row of numbers for each row, {@code [N, K]}; of two vectors
     *       {@code [N, 2, D]} that a loss compares, their likeness {@code [N, 1]}
     *   <li>{@code gradients(scores, x, chosen)}: of the sum of {@code chosen} {@code [N]}, one of
     *       each row, with respect to {@code x}. Rows do not depend on one another, so each gets
     *       its own.
     * </ul>
     */
    private static byte[] code() {
        var module =
                new ScriptModule(
                        "Scores",
                        List.of(),
                        List.of(
                                new Method(
                                        "scores",
                                        List.of("out"),
                                        "Tensor",
                                        List.of("return " + FLAT)),
                                new Method(
                                        "likeness",
                                        List.of("out"),
                                        "Tensor",
                                        List.of("return " + Outputs.COSINE)),
                                new Method(
                                        "gradients",
                                        List.of("scores", "x", "chosen"),
                                        "Tensor",
                                        List.of(
                                                "places = torch.unsqueeze(chosen, 1)",
                                                "picked = torch.gather(scores, 1, places)",
                                                "grads = torch.grad([torch.sum(picked)], [x])",
                                                "return unchecked_cast(Tensor, grads[0])"))));
        var out = new ByteArrayOutputStream();
        try {
            ModelCompiler.writeArchive(module, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /**
     * What the layers get of rows of a table.
     *
     * @param raw {@code [rows, columns]}, row-major, in the order of the model's encoding
     */
    public FloatRows prepare(double[] raw, int rows) {
        return within(call -> prepared(call.create(raw, new Shape(rows, raw.length / rows)), call));
    }

    /** What the layers get of images or tensors, whose own sizes may differ. */
    public FloatRows prepare(List<Cell> cells) {
        return FloatRows.joined(
                cells.stream()
                        .map(cell ->
                                within(call ->
                                        prepared(ServingProgram.array(List.of(cell), call), call)))
                        .toList());
    }

    private FloatRows prepared(NDArray raw, PtNDManager call) {
        return rows(run(model, "preprocess", call, raw));
    }

    /**
     * The model's own output.
     *
     * @param inputs what {@code prepare} answers
     * @param likeness whether the output is two vectors, whose likeness is wanted
     * @return {@code [rows, outputs]}
     * @throws UnfitValuesException where the model has no answer to them
     */
    public FloatRows scores(FloatRows inputs, boolean likeness) {
        return within(call -> rows(read(array(inputs, call), likeness, call)));
    }

    private NDArray read(NDArray x, boolean likeness, PtNDManager call) {
        NDArray out = run(model, "forward", call, x);
        return run(scores, likeness ? "likeness" : "scores", call, out);
    }

    private static NDArray run(
            PtSymbolBlock program, String method, PtNDManager call, NDArray... arguments) {
        try (var run = new ProgramMethods(call, program).call(method)) {
            for (NDArray argument : arguments) {
                run.with(argument);
            }
            NDArray result = run.run().singletonOrThrow();
            result.attach(call);
            return result;
        }
    }

    /**
     * The gradients of one output of each row with respect to the row's input.
     *
     * @param inputs what {@code prepare} answers
     * @param likeness as for {@link #scores}
     * @param chosen for each row, which of its outputs
     * @return in the shape of {@code inputs}
     * @throws UnfitValuesException where the output has no gradient
     */
    public FloatRows gradients(FloatRows inputs, boolean likeness, int[] chosen) {
        JniUtils.setGradMode(true); // the thread's, which predictions want to be off
        try {
            return within(call -> {
                NDArray x = array(inputs, call);
                x.setRequiresGradient(true);
                NDArray read = read(x, likeness, call);
                NDArray places = call.create(Arrays.stream(chosen).asLongStream().toArray());
                return rows(run(scores, "gradients", call, read, x, places));
            });
        } catch (EngineException e) {
            throw UnfitValuesException.withoutGradient(e);
        } finally {
            JniUtils.setGradMode(false);
        }
    }

    private <T> T within(Function<PtNDManager, T> work) {
        return LibTorch.call(() -> {
            try (var call = scope.newSubManager(scope.getDevice())) {
                return work.apply(call);
            }
        });
    }

    private static NDArray array(FloatRows rows, PtNDManager call) {
        return call.create(
                rows.values(),
                new Shape(
                        LongStream.concat(
                                        LongStream.of(rows.count()),
                                        rows.shape().stream().mapToLong(extent -> extent))
                                .toArray()));
    }

    private static FloatRows rows(NDArray array) {
        long[] shape = array.getShape().getShape();
        return new FloatRows(
                array.toFloatArray(),
                Math.toIntExact(shape[0]),
                Arrays.stream(shape).skip(1).boxed().toList());
    }

    @Override
    public void close() {
        scores.close();
    }
}
