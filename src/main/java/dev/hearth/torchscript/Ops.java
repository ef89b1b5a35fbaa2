package dev.hearth.torchscript;

import static java.util.stream.Collectors.joining;

import dev.hearth.spec.OpSpec;
import dev.hearth.spec.Shape;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Compiles an operation to the very operators that PyTorch's function of that name calls. */
final class Ops {

    private Ops() {}

    /**
     * The statements that compute {@code result}.
     *
     * @param op with its inferred extents filled in
     * @param in expressions
     */
    static List<String> lines(String result, OpSpec op, List<String> in) {
        return List.of("%s = %s".formatted(result, expression(op, in)));
    }

    private static String expression(OpSpec op, List<String> in) {
        String x = in.getFirst();
        return switch (op) {
            case OpSpec.Arithmetic arithmetic ->
                    call(
                            op.op(),
                            x,
                            arithmetic.value().isPresent()
                                    ? arithmetic.value().getAsDouble()
                                    : in.get(1));
            case OpSpec.MatMul _ -> call("matmul", x, in.get(1));
            case OpSpec.Cat(int dim) -> call("cat", in, dim);
            case OpSpec.Stack(int dim) -> call("stack", in, dim);
            case OpSpec.Reduce reduce -> reduce(reduce, x);
            case OpSpec.Flatten(int start, int end) -> call("flatten", x, start, end);
            case OpSpec.Reshape(_, List<Long> shape) -> reshaped(x, new Shape(shape));
            case OpSpec.Transpose(int dim0, int dim1) -> call("transpose", x, dim0, dim1);
            case OpSpec.Permute(List<Integer> dims) -> call("permute", x, dims);
            case OpSpec.Squeeze(int dim) -> call("squeeze", x, dim);
            case OpSpec.Unsqueeze(int dim) -> call("unsqueeze", x, dim);
            case OpSpec.Select(int dim, long index) -> call("select", x, dim, index);
            case OpSpec.Narrow(int dim, long start, long length) ->
                    call("narrow", x, dim, start, length);
            case OpSpec.Slice slice ->
                    call(
                            "slice",
                            x,
                            slice.dim(),
                            slice.start(),
                            slice.end().isPresent() ? slice.end().getAsLong() : "None",
                            slice.step());
            case OpSpec.Chunk(long chunks, int dim, long index) ->
                    "(%s)[%d]".formatted(call("chunk", x, chunks, dim), index);
            case OpSpec.Pointwise(OpSpec.Pointwise.Function function) -> call(name(function), x);
            case OpSpec.Pow(double exponent) -> call("pow", x, exponent);
            case OpSpec.Clamp clamp ->
                    call(
                            "clamp",
                            x,
                            clamp.min().isPresent() ? clamp.min().getAsDouble() : "None",
                            clamp.max().isPresent() ? clamp.max().getAsDouble() : "None");
            case OpSpec.Gelu(String approximate) ->
                    call("gelu", x, "approximate=\"" + approximate + "\"");
            case OpSpec.LeakyRelu(double slope) -> call("leaky_relu", x, slope);
            case OpSpec.Elu(double alpha) -> call("elu", x, alpha);
            case OpSpec.Softplus(double beta, double threshold) ->
                    call("softplus", x, beta, threshold);
            case OpSpec.Softmax(int dim) -> call("softmax", x, dim);
            case OpSpec.LogSoftmax(int dim) -> call("log_softmax", x, dim);
            case OpSpec.ScaledDotProductAttention(boolean isCausal) ->
                    call(
                            "scaled_dot_product_attention",
                            x,
                            in.get(1),
                            in.get(2),
                            "None",
                            "0.",
                            isCausal ? "True" : "False");
        };
    }

    /** The samples of {@code x} in another shape. */
    static String reshaped(String x, Shape sample) {
        return "torch.reshape(%s, [%s])"
                .formatted(
                        x,
                        Stream.concat(
                                        Stream.of("torch.size(%s, 0)".formatted(x)),
                                        sample.dims().stream().map(String::valueOf))
                                .collect(joining(", ")));
    }

    private static String reduce(OpSpec.Reduce reduce, String x) {
        String keepdim = reduce.keepdim() ? "True" : "False";
        return switch (reduce.reduction()) {
            case MEAN, SUM, AMAX, AMIN -> call(reduce.op(), x, reduce.dims(), keepdim);
            // Of the values and the indices.
            case MAX, MIN ->
                    "(%s)[0]".formatted(call(reduce.op(), x, reduce.dims().getFirst(), keepdim));
        };
    }

    private static String name(OpSpec.Pointwise.Function function) {
        return switch (function) {
            case LOGSIGMOID -> "log_sigmoid";
            case ABS,
                    NEG,
                    EXP,
                    LOG,
                    SQRT,
                    RSQRT,
                    SQUARE,
                    SIN,
                    COS,
                    RELU,
                    RELU6,
                    SIGMOID,
                    TANH,
                    SILU,
                    MISH,
                    SELU,
                    HARDSIGMOID,
                    HARDSWISH ->
                    function.name().toLowerCase(Locale.ROOT);
        };
    }

    /** Lists print as TorchScript writes them. */
    private static String call(String operator, Object... arguments) {
        return Stream.of(arguments)
                .map(String::valueOf)
                .collect(joining(", ", "torch." + operator + "(", ")"));
    }
}
