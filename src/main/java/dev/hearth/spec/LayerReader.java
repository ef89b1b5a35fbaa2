package dev.hearth.spec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads {@code layers} arrays. The layers that exist are those in {@link #KINDS} and no others. */
final class LayerReader {

    static final int MAX_LAYERS = 1000;
    static final int MAX_DEPTH = 32;

    private static final Types<LayerKind> KINDS = new Types<>("layer", kinds());

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

    private static Map<String, LayerKind> kinds() {
        var kinds = new LinkedHashMap<String, LayerKind>();
        kinds.putAll(ProjectionReader.kinds());
        kinds.putAll(ConvolutionReader.kinds());
        kinds.putAll(PoolingReader.kinds());
        kinds.putAll(ActivationReader.kinds());
        kinds.putAll(NormalizationReader.kinds());
        kinds.putAll(SequenceReader.kinds());
        kinds.putAll(ReshapingReader.kinds());
        kinds.put("Sequential", new LayerKind(List.of("layers"), LayerReader::sequential));
        return kinds;
    }

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
