package dev.hearth.spec;

import dev.hearth.spec.OpSpec.Arithmetic.Operator;
import dev.hearth.spec.OpSpec.Pointwise.Function;
import dev.hearth.spec.OpSpec.Reduce.Reduction;
import dev.hearth.spec.Values.Range;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** Reads the operations of a graph. Those that exist are those in {@link #KINDS}. */
final class OpReader {

    static final String OP = "op";

    /** A kind of operation: its fields and how they are read. */
    record Kind(List<String> fields, Form form) {}

    /** Reads the fields; what it makes of them counts only if none of them failed. */
    interface Form {
        OpSpec read(Fields fields);
    }

    private static final Types<Kind> KINDS = new Types<>("operation", kinds());

    /** More than any tensor has; whether this one has it is seen when shapes are. */
    private static final int MAX_DIMENSION = 64;

    private static final String DIM =
            "write 1 for the first dimension of a sample, or -1 for the last";

    private OpReader() {}

    /** The fields of each operation, by its name. */
    static Map<String, List<String>> vocabulary() {
        var fields = new LinkedHashMap<String, List<String>>();
        KINDS.forms().forEach((op, kind) -> fields.put(op, kind.fields()));
        return fields;
    }

    /** The kind that a node's {@code op} names. */
    static Optional<Types.Named<Kind>> kind(JsonNode name, String pointer, SpecErrors errors) {
        return KINDS.ofName(name, pointer, errors);
    }

    static Optional<OpSpec> read(Kind kind, Fields fields) {
        OpSpec op = kind.form().read(fields);
        return fields.failed() ? Optional.empty() : Optional.of(op);
    }

    private static Map<String, Kind> kinds() {
        var kinds = new LinkedHashMap<String, Kind>();
        for (Operator operator : Operator.values()) {
            boolean takesNumber = operator != Operator.MAXIMUM && operator != Operator.MINIMUM;
            var plain = new OpSpec.Arithmetic(operator, OptionalDouble.empty());
            kinds.put(
                    plain.op(),
                    takesNumber
                            ? new Kind(List.of("value"), fields -> arithmetic(operator, fields))
                            : new Kind(List.of(), _ -> plain));
        }
        kinds.put("matmul", new Kind(List.of(), _ -> new OpSpec.MatMul()));
        kinds.put("cat", new Kind(List.of("dim"), fields -> new OpSpec.Cat(dim(fields))));
        kinds.put("stack", new Kind(List.of("dim"), fields -> new OpSpec.Stack(dim(fields))));
        for (Reduction reduction : Reduction.values()) {
            kinds.put(
                    new OpSpec.Reduce(reduction, List.of(), false).op(),
                    new Kind(List.of("dim", "keepdim"), fields -> reduce(reduction, fields)));
        }
        shapes(kinds);
        for (Function function : Function.values()) {
            var op = new OpSpec.Pointwise(function);
            kinds.put(op.op(), new Kind(List.of(), _ -> op));
        }
        functions(kinds);
        return kinds;
    }

    private static void shapes(Map<String, Kind> kinds) {
        kinds.put(
                "flatten",
                new Kind(
                        List.of("start_dim", "end_dim"),
                        fields ->
                                new OpSpec.Flatten(
                                        dim(fields, "start_dim", 1), dim(fields, "end_dim", -1))));
        for (String name : List.of("reshape", "view")) {
            kinds.put(name, new Kind(List.of("shape"), fields -> reshape(name, fields)));
        }
        kinds.put(
                "transpose",
                new Kind(
                        List.of("dim0", "dim1"),
                        fields ->
                                new OpSpec.Transpose(
                                        required(fields, "dim0"), required(fields, "dim1"))));
        kinds.put("permute", new Kind(List.of("dims"), OpReader::permute));
        kinds.put("squeeze", new Kind(List.of("dim"), f -> new OpSpec.Squeeze(dim(f))));
        kinds.put("unsqueeze", new Kind(List.of("dim"), f -> new OpSpec.Unsqueeze(dim(f))));
        kinds.put(
                "select",
                new Kind(
                        List.of("dim", "index"),
                        fields -> new OpSpec.Select(dim(fields), whole(fields, "index"))));
        kinds.put(
                "narrow",
                new Kind(
                        List.of("dim", "start", "length"),
                        fields ->
                                new OpSpec.Narrow(
                                        dim(fields),
                                        whole(fields, "start"),
                                        positive(fields, "length"))));
        kinds.put(
                "slice",
                new Kind(
                        List.of("dim", "start", "end", "step"),
                        fields ->
                                new OpSpec.Slice(
                                        dim(fields),
                                        whole(fields, "start", 0),
                                        fields.integer("end", -Integer.MAX_VALUE, Long.MAX_VALUE),
                                        fields.integer("step", 1, Long.MAX_VALUE).orElse(1))));
        kinds.put(
                "chunk",
                new Kind(
                        List.of("chunks", "dim", "index"),
                        fields ->
                                new OpSpec.Chunk(
                                        positive(fields, "chunks"),
                                        dim(fields),
                                        whole(fields, "index"))));
    }

    private static void functions(Map<String, Kind> kinds) {
        kinds.put("pow", new Kind(List.of("exponent"), OpReader::pow));
        kinds.put("clamp", new Kind(List.of("min", "max"), OpReader::clamp));
        kinds.put("gelu", new Kind(List.of("approximate"), OpReader::gelu));
        kinds.put(
                "leaky_relu",
                new Kind(
                        List.of("negative_slope"),
                        f -> new OpSpec.LeakyRelu(f.number("negative_slope", Range.ANY, 0.01))));
        kinds.put(
                "elu",
                new Kind(
                        List.of("alpha"),
                        fields -> new OpSpec.Elu(fields.number("alpha", Range.ANY, 1))));
        kinds.put(
                "softplus",
                new Kind(
                        List.of("beta", "threshold"),
                        fields ->
                                new OpSpec.Softplus(
                                        fields.number("beta", Range.ANY, 1),
                                        fields.number("threshold", Range.ANY, 20))));
        kinds.put("softmax", new Kind(List.of("dim"), f -> new OpSpec.Softmax(dim(f))));
        kinds.put("log_softmax", new Kind(List.of("dim"), f -> new OpSpec.LogSoftmax(dim(f))));
        kinds.put(
                "scaled_dot_product_attention",
                new Kind(
                        List.of("is_causal"),
                        fields ->
                                new OpSpec.ScaledDotProductAttention(
                                        fields.bool("is_causal", false))));
    }

    private static OpSpec arithmetic(Operator operator, Fields fields) {
        return new OpSpec.Arithmetic(operator, optional(fields, "value"));
    }

    private static OpSpec reduce(Reduction reduction, Fields fields) {
        fields.required("dim", DIM);
        boolean many =
                reduction.takesMany() && fields.node("dim").filter(JsonNode::isArray).isPresent();
        List<Integer> dims = many ? dims(fields, "dim") : List.of(dim(fields, "dim", -1));
        return new OpSpec.Reduce(reduction, dims, fields.bool("keepdim", false));
    }

    private static OpSpec reshape(String name, Fields fields) {
        fields.required("shape", "write the extents of one sample, such as [1, 8, 8]");
        List<Long> shape =
                fields.list(
                                "shape",
                                "an array of whole numbers",
                                (values, node, pointer) ->
                                        boxed(values.integer(node, pointer, -1, Long.MAX_VALUE)))
                        .orElse(List.of());
        if (shape.contains(0L) || shape.stream().filter(extent -> extent == -1).count() > 1) {
            fields.reject(
                    "shape",
                    "expected extents of at least 1, and at most one -1 for what is left, got "
                            + shape);
        }
        return new OpSpec.Reshape(name, shape);
    }

    private static OpSpec permute(Fields fields) {
        fields.required("dims", "write the dimensions in their new order, such as [0, 2, 1]");
        return new OpSpec.Permute(dims(fields, "dims"));
    }

    private static OpSpec pow(Fields fields) {
        fields.required("exponent", "write a number, such as 2");
        return new OpSpec.Pow(fields.number("exponent", Range.ANY, 1));
    }

    private static OpSpec clamp(Fields fields) {
        OptionalDouble min = optional(fields, "min");
        OptionalDouble max = optional(fields, "max");
        if (!fields.has("min") && !fields.has("max")) {
            fields.reject("min", "expected min, max or both, got neither");
        }
        return new OpSpec.Clamp(min, max);
    }

    private static OpSpec gelu(Fields fields) {
        String approximate = fields.string("approximate").orElse("none");
        if (!approximate.equals("none") && !approximate.equals("tanh")) {
            fields.reject(
                    "approximate",
                    "expected \"none\" or \"tanh\", got " + Wording.quoted(approximate));
        }
        return new OpSpec.Gelu(approximate);
    }

    private static OptionalDouble optional(Fields fields, String name) {
        return fields.has(name)
                ? OptionalDouble.of(fields.number(name, Range.ANY, 0))
                : OptionalDouble.empty();
    }

    private static int dim(Fields fields) {
        return required(fields, "dim");
    }

    private static int required(Fields fields, String name) {
        fields.required(name, DIM);
        return dim(fields, name, -1);
    }

    private static int dim(Fields fields, String name, int otherwise) {
        OptionalLong value = fields.integer(name, -MAX_DIMENSION, MAX_DIMENSION);
        return value.isPresent() ? Math.toIntExact(value.getAsLong()) : otherwise;
    }

    private static List<Integer> dims(Fields fields, String name) {
        var dims = new ArrayList<Integer>();
        fields.list(
                        name,
                        "an array of dimensions",
                        (values, node, pointer) ->
                                boxed(values.integer(node, pointer, -MAX_DIMENSION, MAX_DIMENSION)))
                .orElse(List.of())
                .forEach(dim -> dims.add(Math.toIntExact(dim)));
        if (dims.isEmpty() && !fields.failed()) {
            fields.reject(name, "expected at least one dimension, got an empty array");
        }
        return dims;
    }

    private static long whole(Fields fields, String name) {
        fields.required(name, "write a whole number; negative ones count from the end");
        return whole(fields, name, 0);
    }

    private static long whole(Fields fields, String name, long otherwise) {
        return fields.integer(name, -Integer.MAX_VALUE, Integer.MAX_VALUE).orElse(otherwise);
    }

    private static long positive(Fields fields, String name) {
        fields.required(name, "write a whole number of at least 1");
        return fields.integer(name, 1, Integer.MAX_VALUE).orElse(1);
    }

    private static Optional<Long> boxed(OptionalLong value) {
        return value.stream().boxed().findFirst();
    }
}
