package dev.hearth.torchscript;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import dev.hearth.spec.Picture;
import dev.hearth.spec.TransformSpec;
import dev.hearth.torchscript.ScriptModule.Attribute;
import dev.hearth.torchscript.ScriptModule.Method;
import dev.hearth.torchscript.ScriptModule.NoneValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A program of transforms alone, to be called with pictures. */
final class TransformPrograms implements AutoCloseable {

    /** A picture or a batch as FLOAT32, row-major. */
    static final class Result {
        private final List<Long> shape;
        private final float[] values;

        private Result(List<Long> shape, float[] values) {
            this.shape = shape;
            this.values = values;
        }

        List<Long> shape() {
            return shape;
        }

        float[] values() {
            return values;
        }
    }

    private final PtNDManager scope;
    private final PtSymbolBlock program;

    TransformPrograms(Picture in, List<TransformSpec> transforms) {
        var body = new ArrayList<String>();
        body.add("g = torch.Generator(device=torch.device(\"cpu\"), seed=int(seed))");
        body.addAll(TransformCode.lines(in, transforms, "g"));
        body.add("return torch.to(x, 6)");
        var module =
                new ScriptModule(
                        "Transforms",
                        Stream.concat(
                                        Stream.of(
                                                new Attribute(
                                                        "generator",
                                                        new NoneValue("Optional[Generator]"))),
                                        SpareNormal.attributes().stream())
                                .toList(),
                        List.of(
                                SpareNormal.method(),
                                new Method("forward", List.of("x", "seed"), "Tensor", body)));
        var archive = new ByteArrayOutputStream();
        try {
            ModelCompiler.writeArchive(module, archive);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        scope = LibTorch.newScope("cpu");
        program = LibTorch.load(archive.toByteArray(), scope);
    }

    /**
     * @param picture bytes of {@code shape}
     */
    Result apply(byte[] picture, List<Long> shape, long seed) {
        try (var call = scope.newSubManager(scope.getDevice())) {
            long[] extents = shape.stream().mapToLong(Long::longValue).toArray();
            var x = call.create(ByteBuffer.wrap(picture), new Shape(extents), DataType.UINT8);
            NDList answer =
                    LibTorch.call(() ->
                            IValueUtils.forward(program, new NDList(x, call.create(seed)), false));
            answer.attach(call);
            var y = answer.singletonOrThrow();
            return new Result(
                    Arrays.stream(y.getShape().getShape()).boxed().toList(), y.toFloatArray());
        }
    }

    @Override
    public void close() {
        program.close();
        scope.close();
    }
}
