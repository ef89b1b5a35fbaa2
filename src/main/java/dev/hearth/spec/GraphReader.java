package dev.hearth.spec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Reads a {@code Module}: its named layers, and the graph of its {@code forward}. Names are looked
 * at here, shapes in {@link GraphWalk}.
 */
final class GraphReader {

    static final String INPUTS = "inputs";
    static final String OUTPUT = "output";
    static final String NAME = "name";
    static final String CALL = "call";
    static final List<String> FIELDS =
            List.of(INPUTS, ContainerReader.MODULES, ContainerReader.FORWARD, OUTPUT);
    static final List<String> NODE = List.of(NAME, CALL, OpReader.OP, INPUTS);

    /** What the input is called where nobody names it. */
    private static final String DEFAULT_INPUT = "x";

    private final LayerReader layers;
    private final ContainerReader containers;
    private final SpecErrors errors;

    GraphReader(LayerReader layers, ContainerReader containers, SpecErrors errors) {
        this.layers = layers;
        this.containers = containers;
        this.errors = errors;
    }

    /** A module that is a layer of another: its inputs are names. */
    Draft nested(Fields fields, int depth) {
        if (containers.isTooDeep(fields, ContainerReader.MODULES, depth)) {
            return new Draft.Gap();
        }
        return read(fields, names(fields), depth);
    }

    private List<Graph.Input> names(Fields fields) {
        var seen = new HashSet<String>();
        Optional<List<String>> names =
                fields.list(
                        INPUTS,
                        "an array of names",
                        (values, node, pointer) ->
                                values.string(node, pointer)
                                        .filter(name -> isNew(name, pointer, seen)));
        if (names.filter(List::isEmpty).isPresent() && !fields.failed()) {
            fields.reject(INPUTS, "expected at least one name; leave the field out for \"x\"");
        }
        return names.orElse(List.of(DEFAULT_INPUT)).stream()
                .map(name -> new Graph.Input(name, new Graph.Given()))
                .toList();
    }

    /** The whole model: its inputs are columns of the data set, or shapes where there is none. */
    Draft model(Fields fields, boolean hasDataset) {
        return read(fields, sources(fields, hasDataset), 0);
    }

    private List<Graph.Input> sources(Fields fields, boolean hasDataset) {
        Optional<JsonNode> node = fields.node(INPUTS);
        if (node.isEmpty()) {
            return List.of(new Graph.Input(DEFAULT_INPUT, new Graph.Given()));
        }
        if (!node.get().isObject() || node.get().isEmpty()) {
            fields.reject(
                    INPUTS,
                    "expected an object of names, such as {\"left\": %s}, got %s"
                            .formatted(
                                    hasDataset ? "[\"column_a\", \"column_b\"]" : "[4]",
                                    node.get().isObject()
                                            ? "an empty one"
                                            : Wording.found(node.get())));
            return List.of();
        }
        var inputs = new ArrayList<Graph.Input>();
        var seen = new HashSet<String>();
        Fields.open(
                        node.get(),
                        fields.pointer(INPUTS),
                        INPUTS,
                        List.copyOf(node.get().propertyNames()),
                        errors)
                .ifPresent(given -> {
                    for (String name : node.get().propertyNames()) {
                        boolean good = isNew(name, given.pointer(name), seen);
                        Optional<Graph.Source> source =
                                hasDataset ? columns(given, name) : extents(given, name);
                        if (good && source.isPresent()) {
                            inputs.add(new Graph.Input(name, source.get()));
                        } else {
                            inputs.add(new Graph.Input(name, new Graph.Given()));
                        }
                    }
                });
        return inputs;
    }

    private static Optional<Graph.Source> columns(Fields given, String name) {
        var seen = new HashSet<String>();
        Optional<List<String>> columns =
                given.list(
                        name,
                        "an array of column names",
                        (values, node, pointer) -> {
                            Optional<String> column = values.string(node, pointer);
                            column.filter(known -> !seen.add(known))
                                    .ifPresent(twice ->
                                            values.errors()
                                                    .add(
                                                            pointer,
                                                            "column %s is listed twice; leave it out"
                                                                            .formatted(
                                                                                    Wording.quoted(
                                                                                            twice))
                                                                    + " here"));
                            return column;
                        });
        if (columns.filter(List::isEmpty).isPresent() && !given.failed()) {
            given.reject(name, "expected at least one column, got an empty array");
        }
        return given.failed() ? Optional.empty() : columns.map(Graph.Columns::new);
    }

    private static Optional<Graph.Source> extents(Fields given, String name) {
        Optional<List<Long>> dims =
                given.list(
                        name,
                        "the extents of one sample of this input, such as [4], since no dataset is"
                                + " named",
                        (values, node, pointer) ->
                                values.integer(node, pointer, 1, Integer.MAX_VALUE).stream()
                                        .boxed()
                                        .findFirst());
        if (given.failed() || dims.isEmpty()) {
            return Optional.empty();
        }
        if (dims.get().isEmpty() || dims.get().size() > SpecReader.MAX_INPUT_DIMENSIONS) {
            given.reject(
                    name,
                    "expected the 1 to %d extents of one sample, such as [4], got %s"
                            .formatted(
                                    SpecReader.MAX_INPUT_DIMENSIONS,
                                    Wording.number(dims.get().size())));
            return Optional.empty();
        }
        return Optional.of(new Graph.Extents(new Shape(dims.get())));
    }

    private boolean isNew(String name, String pointer, Set<String> seen) {
        Optional<String> fault = Names.ofValue(name);
        fault.ifPresent(message -> errors.add(pointer, message));
        if (!seen.add(name)) {
            errors.add(pointer, Wording.quoted(name) + " is named twice; choose another name");
        }
        return fault.isEmpty();
    }

    private Draft read(Fields fields, List<Graph.Input> inputs, int depth) {
        List<Draft.Part> parts = modules(fields, depth);
        Optional<JsonNode> forward =
                fields.required(
                        ContainerReader.FORWARD,
                        "write what is done with the modules, such as [{\"name\": \"y\", \"call\":"
                                + " \"head\", \"inputs\": [\"x\"]}]");
        if (forward.isEmpty()) {
            return new Draft.Gap();
        }
        String pointer = fields.pointer(ContainerReader.FORWARD);
        if (!forward.get().isArray()) {
            new Values(errors).wrongType("an array of nodes", forward.get(), pointer);
            return new Draft.Gap();
        }
        if (forward.get().isEmpty()) {
            errors.add(pointer, "expected at least one node, got an empty array");
            return new Draft.Gap();
        }
        var graph = new NodeReader(errors, pointer, inputs, parts);
        List<Optional<Graph.Node>> nodes = graph.read(forward.get());
        Optional<String> output = fields.string(OUTPUT);
        output.filter(name -> !graph.names().contains(name))
                .ifPresent(name ->
                        fields.reject(
                                OUTPUT,
                                "unknown node %s; nodes are %s%s"
                                        .formatted(
                                                Wording.quoted(name),
                                                String.join(", ", graph.names()),
                                                Wording.didYouMean(
                                                        name, List.copyOf(graph.names())))));
        String end = output.orElse(graph.last());
        graph.requireUse(end, fields.pointer(INPUTS), fields.pointer(ContainerReader.MODULES));
        return new Draft.Custom(parts, inputs, nodes, end);
    }

    private List<Draft.Part> modules(Fields fields, int depth) {
        Optional<JsonNode> modules = fields.node(ContainerReader.MODULES);
        if (modules.isEmpty()) {
            return List.of();
        }
        String pointer = fields.pointer(ContainerReader.MODULES);
        if (!modules.get().isObject()) {
            new Values(errors)
                    .wrongType(
                            "an object of layers by their names, such as {\"head\": {\"type\":"
                                    + " \"Linear\", \"out_features\": 1}}",
                            modules.get(),
                            pointer);
            return List.of();
        }
        var parts = new ArrayList<Draft.Part>();
        for (Map.Entry<String, JsonNode> entry : modules.get().properties()) {
            String name = entry.getKey();
            String place = Pointers.field("", name);
            Names.ofModule(name).ifPresent(message -> errors.add(pointer + place, message));
            parts.add(
                    new Draft.Part(
                            name,
                            "/" + ContainerReader.MODULES + place,
                            layers.module(entry.getValue(), pointer + place, depth + 1)));
        }
        return parts;
    }
}
