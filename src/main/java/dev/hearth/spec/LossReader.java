package dev.hearth.spec;

import dev.hearth.spec.LossSpec.Reduction;
import dev.hearth.spec.Values.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads a loss: its bare name for PyTorch's defaults, or an object with its arguments. */
final class LossReader {

    private record Kind(List<String> fields, Function<Fields, LossSpec> form) {}

    private static final Types<Kind> KINDS = new Types<>("loss", kinds());

    private LossReader() {}

    static List<String> names() {
        return KINDS.names();
    }

    /** The fields of each loss but {@code type}, by its name. */
    static Map<String, List<String>> vocabulary() {
        var fields = new LinkedHashMap<String, List<String>>();
        KINDS.forms().forEach((type, kind) -> fields.put(type, kind.fields()));
        return fields;
    }

    static Optional<LossSpec> read(JsonNode node, String pointer, SpecErrors errors) {
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
        kinds.put("MSELoss", kind(fields -> new LossSpec.MSELoss(reduction(fields))));
        kinds.put("L1Loss", kind(fields -> new LossSpec.L1Loss(reduction(fields))));
        kinds.put(
                "SmoothL1Loss",
                kind(
                        fields ->
                                new LossSpec.SmoothL1Loss(
                                        fields.number("beta", Range.NOT_NEGATIVE, 1),
                                        reduction(fields)),
                        "beta"));
        kinds.put(
                "HuberLoss",
                kind(
                        fields ->
                                new LossSpec.HuberLoss(
                                        fields.number("delta", Range.POSITIVE, 1),
                                        reduction(fields)),
                        "delta"));
        kinds.put(
                "PoissonNLLLoss",
                kind(
                        fields ->
                                new LossSpec.PoissonNLLLoss(
                                        fields.bool("log_input", true),
                                        fields.bool("full", false),
                                        fields.number("eps", Range.NOT_NEGATIVE, 1e-8),
                                        reduction(fields)),
                        "log_input",
                        "full",
                        "eps"));
        kinds.put(
                "KLDivLoss",
                kind(
                        fields ->
                                new LossSpec.KLDivLoss(
                                        fields.bool("log_target", false),
                                        reduction(fields, Reduction.values())),
                        "log_target"));
        kinds.put("BCELoss", kind(fields -> new LossSpec.BCELoss(reduction(fields))));
        kinds.put(
                "BCEWithLogitsLoss",
                kind(
                        fields ->
                                new LossSpec.BCEWithLogitsLoss(
                                        weights(fields, "pos_weight", true), reduction(fields)),
                        "pos_weight"));
        kinds.put(
                "MultiLabelSoftMarginLoss",
                kind(
                        fields ->
                                new LossSpec.MultiLabelSoftMarginLoss(
                                        weights(fields, "weight", false), reduction(fields)),
                        "weight"));
        kinds.put(
                "CrossEntropyLoss",
                kind(
                        fields ->
                                new LossSpec.CrossEntropyLoss(
                                        weights(fields, "weight", true),
                                        ignoreIndex(fields),
                                        fields.number("label_smoothing", Range.ZERO_TO_ONE, 0),
                                        reduction(fields)),
                        "weight",
                        "ignore_index",
                        "label_smoothing"));
        kinds.put(
                "NLLLoss",
                kind(
                        fields ->
                                new LossSpec.NLLLoss(
                                        weights(fields, "weight", true),
                                        ignoreIndex(fields),
                                        reduction(fields)),
                        "weight",
                        "ignore_index"));
        kinds.put(
                "HingeEmbeddingLoss",
                kind(
                        fields ->
                                new LossSpec.HingeEmbeddingLoss(
                                        fields.number("margin", Range.ANY, 1), reduction(fields)),
                        "margin"));
        kinds.put(
                "CosineEmbeddingLoss",
                kind(
                        fields ->
                                new LossSpec.CosineEmbeddingLoss(
                                        fields.number("margin", Range.COSINE, 0),
                                        reduction(fields)),
                        "margin"));
        return kinds;
    }

    /** Every loss has a reduction beside its own fields. */
    private static Kind kind(Function<Fields, LossSpec> form, String... own) {
        var fields = new ArrayList<>(List.of(own));
        fields.add("reduction");
        return new Kind(List.copyOf(fields), form);
    }

    private static Reduction reduction(Fields fields) {
        return reduction(fields, Reduction.MEAN, Reduction.SUM);
    }

    private static Reduction reduction(Fields fields, Reduction... allowed) {
        Optional<String> name = fields.string("reduction");
        Optional<Reduction> found =
                Arrays.stream(allowed)
                        .filter(each -> word(each).equals(name.orElse("mean")))
                        .findFirst();
        if (found.isEmpty()) {
            fields.reject(
                    "reduction",
                    "expected one of %s, got %s"
                            .formatted(
                                    String.join(
                                            ", ",
                                            Arrays.stream(allowed).map(LossReader::word).toList()),
                                    Wording.quoted(name.orElseThrow())));
        }
        return found.orElse(Reduction.MEAN);
    }

    private static String word(Reduction reduction) {
        return reduction.name().toLowerCase(Locale.ROOT);
    }

    private static int ignoreIndex(Fields fields) {
        return Math.toIntExact(
                fields.integer("ignore_index", Integer.MIN_VALUE, Integer.MAX_VALUE)
                        .orElse(LossSpec.IGNORE_NOTHING));
    }

    /** A number for each, or one for all, or by name, or {@code "balanced"}. */
    private static Optional<Weights> weights(Fields fields, String name, boolean canBalance) {
        Optional<JsonNode> node = fields.node(name);
        if (node.isEmpty()) {
            return Optional.empty();
        }
        if (node.get().isString() && canBalance) {
            if (!node.get().stringValue().equals("balanced")) {
                fields.reject(
                        name, "expected numbers or \"balanced\", got " + Wording.found(node.get()));
            }
            return Optional.of(new Weights.Balanced());
        }
        if (node.get().isObject()) {
            return Optional.of(new Weights.Named(named(fields, name, node.get())));
        }
        if (node.get().isNumber() && name.equals("pos_weight")) {
            double weight = fields.number(name, Range.NOT_NEGATIVE, 1);
            return Optional.of(new Weights.Listed(List.of(weight)));
        }
        List<Double> values =
                fields.list(name, "an array of numbers", LossReader::weight).orElse(List.of());
        if (!fields.failed() && values.stream().allMatch(value -> value == 0)) {
            fields.reject(name, "expected at least one number above 0");
        }
        return Optional.of(new Weights.Listed(values));
    }

    private static SequencedMap<String, Double> named(Fields fields, String name, JsonNode object) {
        var values = new LinkedHashMap<String, Double>();
        for (String key : object.propertyNames()) {
            fields.nested(name, key, LossReader::weight).ifPresent(value -> values.put(key, value));
        }
        return values;
    }

    private static Optional<Double> weight(Values values, JsonNode node, String pointer) {
        return values.number(node, pointer, Range.NOT_NEGATIVE).stream().boxed().findFirst();
    }
}
