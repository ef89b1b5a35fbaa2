package dev.hearth.python;

import dev.hearth.python.Expression.Call;
import dev.hearth.python.PythonFile.Import;
import dev.hearth.spec.OpSpec;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Writes an operation on values. */
final class OpCode {

    private OpCode() {}

    /**
     * The expression of what {@code op} makes of variables.
     *
     * @param op with its inferred extents filled in
     * @param in names
     */
    static String of(OpSpec op, List<String> in, PythonFile file) {
        String x = in.getFirst();
        Expression expression =
                switch (op) {
                    case OpSpec.Arithmetic arithmetic -> arithmetic(arithmetic, in);
                    case OpSpec.MatMul _ -> Expression.of(x + " @ " + in.get(1));
                    case OpSpec.Cat(int dim) -> Call.of("torch.cat", list(in)).with("dim", dim);
                    case OpSpec.Stack(int dim) -> Call.of("torch.stack", list(in)).with("dim", dim);
                    case OpSpec.Reduce reduce -> reduce(reduce, x);
                    case OpSpec.Flatten(int start, int end) ->
                            method(x, op, start).unless(-1, "end_dim", end);
                    case OpSpec.Reshape(_, List<Long> shape) -> Expression.of(reshaped(x, shape));
                    case OpSpec.Transpose(int dim0, int dim1) -> method(x, op, dim0, dim1);
                    case OpSpec.Permute(List<Integer> dims) -> method(x, op, dims.toArray());
                    case OpSpec.Squeeze(int dim) -> method(x, op, dim);
                    case OpSpec.Unsqueeze(int dim) -> method(x, op, dim);
                    case OpSpec.Select(int dim, long index) -> method(x, op, dim, index);
                    case OpSpec.Narrow(int dim, long start, long length) ->
                            method(x, op, dim, start, length);
                    case OpSpec.Slice slice -> slice(x, slice);
                    case OpSpec.Chunk(long chunks, int dim, long index) ->
                            Expression.of(
                                    method(x, op, chunks).with("dim", dim).flat()
                                            + "["
                                            + index
                                            + "]");
                    case OpSpec.Pointwise(OpSpec.Pointwise.Function function) ->
                            pointwise(function, x, file);
                    case OpSpec.Pow(double exponent) -> method(x, op, exponent);
                    case OpSpec.Clamp clamp -> clamp(x, clamp);
                    case OpSpec.Gelu(String approximate) ->
                            function(op.op(), x, file)
                                    .unless(
                                            Expression.of("\"none\""),
                                            "approximate",
                                            Expression.of(Literal.of(approximate)));
                    case OpSpec.LeakyRelu(double slope) ->
                            function(op.op(), x, file).unless(0.01, "negative_slope", slope);
                    case OpSpec.Elu(double alpha) ->
                            function(op.op(), x, file).unless(1.0, "alpha", alpha);
                    case OpSpec.Softplus(double beta, double threshold) ->
                            function(op.op(), x, file)
                                    .unless(1.0, "beta", beta)
                                    .unless(20.0, "threshold", threshold);
                    case OpSpec.Softmax(int dim) -> method(x, op).with("dim", dim);
                    case OpSpec.LogSoftmax(int dim) -> method(x, op).with("dim", dim);
                    case OpSpec.ScaledDotProductAttention(boolean isCausal) ->
                            function(op.op(), x, file)
                                    .with(in.get(1))
                                    .with(in.get(2))
                                    .unless(false, "is_causal", isCausal);
                };
        return expression.flat();
    }

    /** The samples of {@code x} in another shape. */
    static String reshaped(String x, List<Long> sample) {
        Call call = Call.of(x + ".reshape", -1);
        for (long extent : sample) {
            call = call.with(extent);
        }
        return call.flat();
    }

    private static Expression arithmetic(OpSpec.Arithmetic arithmetic, List<String> in) {
        String other =
                arithmetic.value().isPresent()
                        ? Literal.of(arithmetic.value().getAsDouble())
                        : in.get(1);
        String x = in.getFirst();
        return Expression.of(
                switch (arithmetic.operator()) {
                    case ADD -> x + " + " + other;
                    case SUB -> x + " - " + other;
                    case MUL -> x + " * " + other;
                    case DIV -> x + " / " + other;
                    case MAXIMUM -> "torch.maximum(" + x + ", " + other + ")";
                    case MINIMUM -> "torch.minimum(" + x + ", " + other + ")";
                });
    }

    private static Expression reduce(OpSpec.Reduce reduce, String x) {
        Object dims =
                reduce.dims().size() == 1
                        ? reduce.dims().getFirst()
                        : Expression.tuple(reduce.dims().stream().map(Integer::longValue).toList());
        Call call =
                Call.of(x + "." + reduce.op())
                        .with("dim", dims)
                        .unless(false, "keepdim", reduce.keepdim());
        return switch (reduce.reduction()) {
            case MEAN, SUM, AMAX, AMIN -> call;
            case MAX, MIN -> Expression.of(call.flat() + ".values");
        };
    }

    private static Expression slice(String x, OpSpec.Slice slice) {
        String range =
                (slice.start() == 0 ? "" : Literal.of(slice.start()))
                        + ":"
                        + (slice.end().isPresent() ? Literal.of(slice.end().getAsLong()) : "")
                        + (slice.step() == 1 ? "" : ":" + slice.step());
        String place =
                slice.dim() >= 0
                        ? ":, ".repeat(slice.dim()) + range
                        : "..., " + range + ", :".repeat(-slice.dim() - 1);
        return Expression.of(x + "[" + place + "]");
    }

    private static Expression clamp(String x, OpSpec.Clamp clamp) {
        Call call = Call.of(x + ".clamp");
        call = with(call, "min", clamp.min());
        return with(call, "max", clamp.max());
    }

    private static Call with(Call call, String name, OptionalDouble value) {
        return value.isPresent() ? call.with(name, value.getAsDouble()) : call;
    }

    private static Expression pointwise(
            OpSpec.Pointwise.Function function, String x, PythonFile file) {
        String name = function.name().toLowerCase(Locale.ROOT);
        return switch (function) {
            case NEG -> Expression.of("-" + x);
            case ABS, EXP, LOG, SQRT, RSQRT, SQUARE, SIN, COS, SIGMOID, TANH ->
                    Call.of(x + "." + name);
            case RELU, RELU6, SILU, MISH, SELU, HARDSIGMOID, HARDSWISH, LOGSIGMOID ->
                    function(name, x, file);
        };
    }

    private static Call function(String name, String x, PythonFile file) {
        file.require(Import.FUNCTIONAL);
        return Call.of("F." + name, x);
    }

    private static Call method(String x, OpSpec op, Object... arguments) {
        return Call.of(x + "." + op.op(), arguments);
    }

    private static Expression list(List<String> names) {
        return new Expression.Listing(names.stream().map(Expression::of).toList());
    }
}
