package dev.hearth.python;

import dev.hearth.python.Expression.Call;
import dev.hearth.spec.OpSpec;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes the operations of a graph as what they are in Python. */
final class OpCode {

    private final PythonFile file;

    OpCode(PythonFile file) {
        this.file = file;
    }

    /**
     * @param in names of values
     */
    Expression of(OpSpec op, List<String> in) {
        String x = in.getFirst();
        return switch (op) {
            case OpSpec.Arithmetic arithmetic -> arithmetic(arithmetic, in);
            case OpSpec.MatMul _ -> Expression.of(x + " @ " + in.get(1));
            case OpSpec.Cat(int dim) -> torch("cat", list(in)).with("dim", dim);
            case OpSpec.Stack(int dim) -> torch("stack", list(in)).with("dim", dim);
            case OpSpec.Reduce reduce -> reduce(reduce, x);
            case OpSpec.Flatten(int start, int end) ->
                    torch("flatten", x).unless(0, "start_dim", start).unless(-1, "end_dim", end);
            case OpSpec.Reshape(_, List<Long> shape) -> reshaped(x, shape);
            case OpSpec.Transpose(int dim0, int dim1) -> method(x, "transpose", dim0, dim1);
            case OpSpec.Permute(List<Integer> dims) -> method(x, "permute", dims.toArray());
            case OpSpec.Squeeze(int dim) -> method(x, "squeeze", dim);
            case OpSpec.Unsqueeze(int dim) -> method(x, "unsqueeze", dim);
            case OpSpec.Select(int dim, long index) -> method(x, "select", dim, index);
            case OpSpec.Narrow(int dim, long start, long length) ->
                    method(x, "narrow", dim, start, length);
            case OpSpec.Slice slice -> slice(slice, x);
            case OpSpec.Chunk(long chunks, int dim, long index) ->
                    Expression.of(method(x, "chunk", chunks, dim).flat() + "[" + index + "]");
            case OpSpec.Pointwise(OpSpec.Pointwise.Function function) -> pointwise(function, x);
            case OpSpec.Pow(double exponent) -> torch("pow", x, exponent);
            case OpSpec.Clamp clamp -> clamp(clamp, x);
            case OpSpec.Gelu(String approximate) ->
                    functional("gelu", x)
                            .unless("\"none\"", "approximate", Literal.of(approximate));
            case OpSpec.LeakyRelu(double slope) -> functional("leaky_relu", x, slope);
            case OpSpec.Elu(double alpha) -> functional("elu", x, alpha);
            case OpSpec.Softplus(double beta, double threshold) ->
                    functional("softplus", x, beta, threshold);
            case OpSpec.Softmax(int dim) -> torch("softmax", x).with("dim", dim);
            case OpSpec.LogSoftmax(int dim) -> torch("log_softmax", x).with("dim", dim);
            case OpSpec.ScaledDotProductAttention(boolean isCausal) ->
                    functional("scaled_dot_product_attention", in.toArray())
                            .unless(false, "is_causal", isCausal);
        };
    }

    /** The samples of {@code x} in another shape. */
    static Expression reshaped(String x, List<Long> shape) {
        return Expression.of(
                shape.stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining(", ", x + ".reshape(len(" + x + "), ", ")")));
    }

    private static Expression arithmetic(OpSpec.Arithmetic arithmetic, List<String> in) {
        String x = in.getFirst();
        String y =
                arithmetic.value().isPresent()
                        ? Literal.of(arithmetic.value().getAsDouble())
                        : in.get(1);
        return switch (arithmetic.operator()) {
            case ADD -> Expression.of(x + " + " + y);
            case SUB -> Expression.of(x + " - " + y);
            case MUL -> Expression.of(x + " * " + y);
            case DIV -> Expression.of(x + " / " + y);
            case MAXIMUM, MINIMUM -> torch(arithmetic.op(), x, y);
        };
    }

    private static Expression reduce(OpSpec.Reduce reduce, String x) {
        Call call =
                torch(reduce.op(), x)
                        .with(
                                "dim",
                                reduce.dims().size() == 1
                                        ? reduce.dims().getFirst()
                                        : Expression.tuple(
                                                reduce.dims().stream()
                                                        .map(Integer::longValue)
                                                        .toList()))
                        .unless(false, "keepdim", reduce.keepdim());
        return switch (reduce.reduction()) {
            case MEAN, SUM, AMAX, AMIN -> call;
            case MAX, MIN -> Expression.of(call.flat() + ".values");
        };
    }

    /** With a slice of everything for each dimension before. */
    private static Expression slice(OpSpec.Slice slice, String x) {
        String all = ":, ".repeat(Math.max(0, slice.dim()));
        String before = slice.dim() < 0 ? "..., " : all;
        String after = slice.dim() < 0 ? ", :".repeat(-slice.dim() - 1) : "";
        String end = slice.end().isPresent() ? String.valueOf(slice.end().getAsLong()) : "";
        String step = slice.step() == 1 ? "" : ":" + slice.step();
        return Expression.of(
                "%s[%s%s:%s%s%s]".formatted(x, before, slice.start(), end, step, after));
    }

    private static Expression clamp(OpSpec.Clamp clamp, String x) {
        Call call = torch("clamp", x);
        if (clamp.min().isPresent()) {
            call = call.with("min", clamp.min().getAsDouble());
        }
        return clamp.max().isPresent() ? call.with("max", clamp.max().getAsDouble()) : call;
    }

    private Expression pointwise(OpSpec.Pointwise.Function function, String x) {
        String name = function.name().toLowerCase(Locale.ROOT);
        return switch (function) {
            case ABS, NEG, EXP, LOG, SQRT, RSQRT, SQUARE, SIN, COS, RELU, SIGMOID, TANH, SELU ->
                    torch(name, x);
            case RELU6, SILU, MISH, HARDSIGMOID, HARDSWISH, LOGSIGMOID -> functional(name, x);
        };
    }

    private static String list(List<String> values) {
        return "[" + String.join(", ", values) + "]";
    }

    private static Call torch(String function, Object... arguments) {
        return Call.of("torch." + function, arguments);
    }

    private Call functional(String function, Object... arguments) {
        file.require(PythonFile.Import.FUNCTIONAL);
        return Call.of("F." + function, arguments);
    }

    private static Call method(String x, String name, Object... arguments) {
        return Call.of(x + "." + name, arguments);
    }
}
