package dev.hearth.spec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** Reads {@code layers} arrays. The layers that exist are those in {@link #KINDS} and no others. */
final class LayerReader {

    static final int MAX_LAYERS = 1000;
    static final int MAX_DEPTH = 32;

    /** A kind of layer: its fields and how they are read. */
    private record Kind(List<String> fields, Form form) {}

    private interface Form {
        Draft read(LayerReader reader, Fields fields, int depth);
    }

    private static final Types<Kind> KINDS = new Types<>("layer", kinds());

    private final SpecErrors errors;

    LayerReader(SpecErrors errors) {
        this.errors = errors;
    }

    /** The fields of each layer but {@code type}, by its name. */
    static Map<String, List<String>> vocabulary() {
        var fields = new LinkedHashMap<String, List<String>>();
        KINDS.forms().forEach((type, kind) -> fields.put(type, kind.fields()));
        return fields;
    }

    /** The layers of a whole model; one error and empty if they are too many to look at. */
    Optional<Draft.Group> model(JsonNode layers, String pointer) {
        int count = count(layers);
        if (count > MAX_LAYERS) {
            errors.add(
                    pointer,
                    "expected at most %s layers in all, got %s; make the model smaller"
                            .formatted(Wording.number(MAX_LAYERS), Wording.number(count)));
            return Optional.empty();
        }
        return layers(layers, pointer, 1);
    }

    /** With a stack of its own, since how deep the layers go has not been looked at yet. */
    private static int count(JsonNode layers) {
        int count = 0;
        var rest = new ArrayDeque<JsonNode>();
        rest.add(layers);
        while (!rest.isEmpty()) {
            JsonNode next = rest.remove();
            if (next.isArray()) {
                count += next.size();
                for (JsonNode layer : next) {
                    Optional.ofNullable(layer.get("layers")).ifPresent(rest::add);
                }
            }
        }
        return count;
    }

    private Optional<Draft.Group> layers(JsonNode layers, String pointer, int depth) {
        if (!layers.isArray()) {
            new Values(errors).wrongType("an array of layers", layers, pointer);
            return Optional.empty();
        }
        if (layers.isEmpty()) {
            errors.add(
                    pointer,
                    "expected at least one layer, got an empty array; add one such as"
                            + " {\"type\": \"Linear\", \"out_features\": 1}");
            return Optional.empty();
        }
        var children = new ArrayList<Draft>();
        for (int i = 0; i < layers.size(); i++) {
            children.add(layer(layers.get(i), Pointers.element(pointer, i), depth));
        }
        return Optional.of(new Draft.Group(children));
    }

    private Draft layer(JsonNode node, String pointer, int depth) {
        return KINDS.ofObject(node, pointer, errors)
                .flatMap(kind ->
                        Fields.open(
                                        node,
                                        pointer,
                                        kind.name(),
                                        Types.withType(kind.form().fields()),
                                        errors)
                                .map(fields -> kind.form().form().read(this, fields, depth)))
                .orElseGet(Draft.Gap::new);
    }

    private static Map<String, Kind> kinds() {
        var kinds = new LinkedHashMap<String, Kind>();
        kinds.put(
                "Linear",
                new Kind(
                        List.of("in_features", "out_features", "bias"),
                        (_, fields, _) -> linear(fields)));
        kinds.put("ReLU", plain(new LayerSpec.ReLU()));
        kinds.put("Sigmoid", plain(new LayerSpec.Sigmoid()));
        kinds.put("Tanh", plain(new LayerSpec.Tanh()));
        kinds.put(
                "Softmax",
                new Kind(List.of("dim"), (_, fields, _) -> new Draft.Leaf(softmax(fields))));
        kinds.put(
                "LogSoftmax",
                new Kind(List.of("dim"), (_, fields, _) -> new Draft.Leaf(logSoftmax(fields))));
        kinds.put(
                "Dropout", new Kind(List.of("p"), (_, fields, _) -> new Draft.Leaf(drop(fields))));
        kinds.put(
                "Flatten",
                new Kind(List.of("start_dim", "end_dim"), (_, fields, _) -> flatten(fields)));
        kinds.put("Sequential", new Kind(List.of("layers"), LayerReader::sequential));
        return kinds;
    }

    private static Kind plain(LayerSpec spec) {
        return new Kind(List.of(), (_, _, _) -> new Draft.Leaf(spec));
    }

    private static Draft linear(Fields fields) {
        OptionalLong in = fields.integer("in_features", 1, Long.MAX_VALUE);
        fields.required("out_features", "write how many outputs the layer has");
        OptionalLong out = fields.integer("out_features", 1, Long.MAX_VALUE);
        boolean bias = fields.bool("bias", true);
        return out.isPresent()
                ? new Draft.Leaf(new LayerSpec.Linear(in, out.getAsLong(), bias))
                : new Draft.Gap();
    }

    private static LayerSpec softmax(Fields fields) {
        return new LayerSpec.Softmax(dim(fields));
    }

    private static LayerSpec logSoftmax(Fields fields) {
        return new LayerSpec.LogSoftmax(dim(fields));
    }

    /** PyTorch guesses a missing {@code dim} and has long warned that it will not; we ask. */
    private static int dim(Fields fields) {
        fields.required("dim", "write 1 for the first dimension of a sample, or -1 for the last");
        return dimension(fields, "dim", -1);
    }

    private static LayerSpec drop(Fields fields) {
        return new LayerSpec.Dropout(fields.number("p", Values.Range.FRACTION, 0.5));
    }

    private static Draft flatten(Fields fields) {
        int start = dimension(fields, "start_dim", 1);
        int end = dimension(fields, "end_dim", -1);
        return fields.failed()
                ? new Draft.Gap()
                : new Draft.Leaf(new LayerSpec.Flatten(start, end));
    }

    private static int dimension(Fields fields, String name, int otherwise) {
        OptionalLong value = fields.integer(name, -MAX_DIMENSION, MAX_DIMENSION);
        return value.isPresent() ? Math.toIntExact(value.getAsLong()) : otherwise;
    }

    /** More than any tensor has; whether this one has it is seen when shapes are. */
    private static final int MAX_DIMENSION = 64;

    private static Draft sequential(LayerReader reader, Fields fields, int depth) {
        if (depth >= MAX_DEPTH) {
            fields.reject(
                    "layers",
                    "expected Sequential nested at most %d deep; put these layers where it stands"
                            .formatted(MAX_DEPTH));
            return new Draft.Gap();
        }
        Optional<Draft.Group> group =
                fields.required("layers", "write the layers in order")
                        .flatMap(node -> reader.layers(node, fields.pointer("layers"), depth + 1));
        return group.isPresent() ? group.get() : new Draft.Gap();
    }
}
