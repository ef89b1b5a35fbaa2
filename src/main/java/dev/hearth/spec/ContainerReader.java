package dev.hearth.spec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** Reads lists of layers, and looks at how large a model is before any of it is read. */
final class ContainerReader {

    static final int MAX_LAYERS = 1000;
    static final int MAX_NODES = 2000;
    static final int MAX_DEPTH = 32;

    static final String LAYERS = "layers";
    static final String MODULES = "modules";
    static final String FORWARD = "forward";
    static final String REPEAT = "repeat";
    static final String LAYER = "layer";

    private final LayerReader layers;
    private final SpecErrors errors;

    ContainerReader(LayerReader layers, SpecErrors errors) {
        this.layers = layers;
        this.errors = errors;
    }

    /** False, and an error, if there are too many layers to look at. */
    boolean isSmall(JsonNode model, String pointer) {
        Size size = size(model);
        if (size.layers() > MAX_LAYERS) {
            errors.add(
                    pointer,
                    "expected at most %s layers in all, got %s; make the model smaller"
                            .formatted(Wording.number(MAX_LAYERS), Wording.number(size.layers())));
        } else if (size.nodes() > MAX_NODES) {
            errors.add(
                    pointer,
                    "expected at most %s nodes in all, got %s; make the model smaller"
                            .formatted(Wording.number(MAX_NODES), Wording.number(size.nodes())));
        }
        return size.layers() <= MAX_LAYERS && size.nodes() <= MAX_NODES;
    }

    private record Size(long layers, long nodes) {}

    /**
     * @param times how often it stands there once all is repeated
     */
    private record Counted(JsonNode node, long times) {}

    /** With a stack of its own, since how deep the layers go has not been looked at yet. */
    private static Size size(JsonNode model) {
        long layers = 0;
        long nodes = 0;
        var rest = new ArrayDeque<Counted>();
        rest.add(new Counted(model, 1));
        while (!rest.isEmpty() && layers <= Integer.MAX_VALUE && nodes <= Integer.MAX_VALUE) {
            Counted next = rest.remove();
            for (JsonNode layer : elements(next.node(), LAYERS, MODULES)) {
                Counted counted = new Counted(layer, next.times());
                while (counted.node().has(REPEAT) && counted.node().has(LAYER)) {
                    counted =
                            new Counted(
                                    counted.node().get(LAYER),
                                    counted.times() * times(counted.node().get(REPEAT)));
                    if (counted.times() > Integer.MAX_VALUE) {
                        break;
                    }
                }
                layers += counted.times();
                rest.add(counted);
            }
            nodes += next.times() * elements(next.node(), FORWARD).size();
        }
        return new Size(layers, nodes);
    }

    private static List<JsonNode> elements(JsonNode object, String... fields) {
        var elements = new ArrayList<JsonNode>();
        for (String field : fields) {
            JsonNode container = object.get(field);
            if (container != null && container.isContainer()) {
                container.forEach(elements::add);
            }
        }
        return elements;
    }

    /** A number that cannot be read is an error later on. */
    private static long times(JsonNode repeat) {
        return repeat.isIntegralNumber() && repeat.canConvertToLong()
                ? Math.clamp(repeat.longValue(), 1, Integer.MAX_VALUE)
                : repeat.isIntegralNumber() ? Integer.MAX_VALUE : 1;
    }

    /** The layers of a {@code Sequential} or a {@code ModuleList}. */
    Draft group(Fields fields, Draft.Group.Kind kind, int depth) {
        if (isTooDeep(fields, LAYERS, depth)) {
            return new Draft.Gap();
        }
        Optional<List<Draft.Part>> parts =
                fields.required(LAYERS, "write the layers in order")
                        .flatMap(node -> list(node, fields.pointer(LAYERS), kind, depth + 1));
        return parts.isPresent() ? new Draft.Group(kind, parts.get()) : new Draft.Gap();
    }

    boolean isTooDeep(Fields fields, String field, int depth) {
        if (depth >= MAX_DEPTH) {
            fields.reject(
                    field,
                    "expected layers nested at most %d deep; put these layers where it stands"
                            .formatted(MAX_DEPTH));
        }
        return depth >= MAX_DEPTH;
    }

    private Optional<List<Draft.Part>> list(
            JsonNode list, String pointer, Draft.Group.Kind kind, int depth) {
        if (!list.isArray()) {
            new Values(errors).wrongType("an array of layers", list, pointer);
            return Optional.empty();
        }
        if (list.isEmpty()) {
            errors.add(
                    pointer,
                    "expected at least one layer, got an empty array; add one such as"
                            + " {\"type\": \"Linear\", \"out_features\": 1}");
            return Optional.empty();
        }
        var parts = new ArrayList<Draft.Part>();
        for (int i = 0; i < list.size(); i++) {
            Written written = written(list.get(i), pointer, "/" + i);
            String place = pointer + written.place();
            Draft draft =
                    written.layer()
                            .map(layer ->
                                    switch (kind) {
                                        case SEQUENTIAL -> layers.layer(layer, place, depth);
                                        case MODULE_LIST -> layers.module(layer, place, depth);
                                    })
                            .orElseGet(Draft.Gap::new);
            for (long copy = 0; copy < written.times(); copy++) {
                parts.add(
                        new Draft.Part(
                                String.valueOf(parts.size()),
                                "/" + LAYERS + written.place(),
                                draft));
            }
        }
        return Optional.of(parts);
    }

    /** A layer, where it is written below its list, and how often it stands there. */
    private record Written(Optional<JsonNode> layer, String place, long times) {}

    private Written written(JsonNode element, String pointer, String place) {
        if (!element.isObject() || !element.has(REPEAT)) {
            return new Written(Optional.of(element), place, 1);
        }
        Optional<Fields> fields =
                Fields.open(element, pointer + place, "a repeat", List.of(REPEAT, LAYER), errors);
        OptionalLong times = fields.map(open -> open.integer(REPEAT, 1, MAX_LAYERS)).orElseThrow();
        Optional<JsonNode> layer =
                fields.get().required(LAYER, "write the layer that stands there so often");
        if (layer.isEmpty()) {
            return new Written(layer, place, 1);
        }
        Written inner = written(layer.get(), pointer, place + "/" + LAYER);
        return new Written(inner.layer(), inner.place(), inner.times() * times.orElse(1));
    }
}
