package dev.hearth.spec;

import dev.hearth.spec.Initializer.Nonlinearity;
import dev.hearth.spec.Values.Range;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads {@code init}: an initialiser for the weights, or one for each of weight and bias. */
final class InitializationReader {

    static final String INIT = "init";
    private static final String WEIGHT = "weight";
    private static final String BIAS = "bias";
    static final List<String> PARTS = List.of(WEIGHT, BIAS);

    private record Kind(List<String> fields, Function<Fields, Initializer> form) {}

    private static final Types<Kind> KINDS = new Types<>("initializer", kinds());
    private static final Map<String, Nonlinearity> NONLINEARITIES = nonlinearities();

    private InitializationReader() {}

    /** The fields of each initialiser but {@code type}, by its name. */
    static Map<String, List<String>> vocabulary() {
        var fields = new LinkedHashMap<String, List<String>>();
        KINDS.forms().forEach((type, kind) -> fields.put(type, kind.fields()));
        return fields;
    }

    /** The field {@code init} of a layer or model; {@link Initialization#NONE} where it is not. */
    static Initialization read(Fields fields, boolean everywhere, SpecErrors errors) {
        Optional<JsonNode> node = fields.node(INIT);
        if (node.isEmpty()) {
            return Initialization.NONE;
        }
        String pointer = fields.pointer(INIT);
        boolean apart = node.get().isObject() && !node.get().has(Types.TYPE);
        if (!apart) {
            return new Initialization(
                    initializer(node.get(), pointer, errors), Optional.empty(), everywhere);
        }
        return Fields.open(node.get(), pointer, INIT, PARTS, errors)
                .map(parts ->
                        new Initialization(
                                part(parts, WEIGHT, errors), bias(parts, errors), everywhere))
                .orElse(Initialization.NONE);
    }

    private static Optional<Initializer> part(Fields parts, String name, SpecErrors errors) {
        return parts.node(name).flatMap(node -> initializer(node, parts.pointer(name), errors));
    }

    private static Optional<Initializer> bias(Fields parts, SpecErrors errors) {
        Optional<Initializer> bias = part(parts, BIAS, errors);
        bias.filter(Initializer::needsMatrix)
                .ifPresent(initializer ->
                        parts.reject(
                                BIAS,
                                "%s needs two dimensions, and a bias has one; use such as zeros_"
                                        .formatted(initializer.type())));
        return bias;
    }

    private static Optional<Initializer> initializer(
            JsonNode node, String pointer, SpecErrors errors) {
        JsonNode object = node.isString() ? JsonNodeFactory.instance.objectNode() : node;
        return KINDS.ofNameOrObject(node, pointer, errors)
                .flatMap(kind ->
                        Fields.open(
                                        object,
                                        pointer,
                                        kind.name(),
                                        Types.withType(kind.form().fields()),
                                        errors)
                                .map(kind.form().form()));
    }

    private static Map<String, Kind> kinds() {
        var kinds = new LinkedHashMap<String, Kind>();
        List<String> gain = List.of("gain");
        List<String> kaiming = List.of("a", "mode", "nonlinearity");
        kinds.put("default", new Kind(List.of(), _ -> new Initializer.Default()));
        kinds.put("xavier_uniform_", new Kind(gain, f -> new Initializer.Xavier(false, gain(f))));
        kinds.put("xavier_normal_", new Kind(gain, f -> new Initializer.Xavier(true, gain(f))));
        kinds.put("kaiming_uniform_", new Kind(kaiming, f -> kaiming(f, false)));
        kinds.put("kaiming_normal_", new Kind(kaiming, f -> kaiming(f, true)));
        kinds.put("uniform_", new Kind(List.of("a", "b"), InitializationReader::uniform));
        kinds.put(
                "normal_",
                new Kind(
                        List.of("mean", "std"),
                        f ->
                                new Initializer.Normal(
                                        f.number("mean", Range.ANY, 0),
                                        f.number("std", Range.NOT_NEGATIVE, 1))));
        kinds.put(
                "trunc_normal_",
                new Kind(List.of("mean", "std", "a", "b"), InitializationReader::truncNormal));
        kinds.put("zeros_", new Kind(List.of(), _ -> new Initializer.Zeros()));
        kinds.put("ones_", new Kind(List.of(), _ -> new Initializer.Ones()));
        kinds.put(
                "constant_",
                new Kind(
                        List.of("val"),
                        f -> {
                            f.required("val", "write the value");
                            return new Initializer.Constant(f.number("val", Range.ANY, 0));
                        }));
        kinds.put("orthogonal_", new Kind(gain, f -> new Initializer.Orthogonal(gain(f))));
        return kinds;
    }

    private static double gain(Fields fields) {
        return fields.number("gain", Range.ANY, 1);
    }

    private static Initializer kaiming(Fields fields, boolean normal) {
        var modes = new LinkedHashMap<String, Boolean>();
        modes.put("fan_in", false);
        modes.put("fan_out", true);
        return new Initializer.Kaiming(
                normal,
                fields.number("a", Range.ANY, 0),
                LayerKind.word(fields, "mode", modes, false),
                LayerKind.word(fields, "nonlinearity", NONLINEARITIES, Nonlinearity.LEAKY_RELU));
    }

    private static Map<String, Nonlinearity> nonlinearities() {
        var words = new LinkedHashMap<String, Nonlinearity>();
        for (Nonlinearity nonlinearity : Nonlinearity.values()) {
            words.put(nonlinearity.word, nonlinearity);
        }
        return words;
    }

    private static Initializer uniform(Fields fields) {
        double a = fields.number("a", Range.ANY, 0);
        double b = fields.number("b", Range.ANY, 1);
        if (a > b) {
            fields.reject("b", "expected at least a, got %s and %s".formatted(a, b));
            return new Initializer.Zeros();
        }
        return new Initializer.Uniform(a, b);
    }

    private static Initializer truncNormal(Fields fields) {
        double mean = fields.number("mean", Range.ANY, 0);
        double std = fields.number("std", Range.POSITIVE, 1);
        double a = fields.number("a", Range.ANY, -2);
        double b = fields.number("b", Range.ANY, 2);
        if (!(a < b)) {
            fields.reject("b", "expected more than a, got %s and %s".formatted(a, b));
            return new Initializer.Zeros();
        }
        return new Initializer.TruncNormal(mean, std, a, b);
    }
}
