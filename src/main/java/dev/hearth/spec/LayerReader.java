package dev.hearth.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** Reads {@code layers} arrays. The layers that exist are those in {@link #KINDS} and no others. */
final class LayerReader {

    /** A kind of layer: its fields and how they are read. */
    private record Kind(List<String> fields, Form form) {}

    private interface Form {
        Draft read(LayerReader reader, Fields fields, int depth);
    }

    private static final Types<Kind> KINDS = new Types<>("layer", kinds());

    private final SpecErrors errors;
    private final ContainerReader containers;
    private final GraphReader graphs;

    LayerReader(SpecErrors errors) {
        this.errors = errors;
        this.containers = new ContainerReader(this, errors);
        this.graphs = new GraphReader(this, containers, errors);
    }

    /** The fields of each layer but {@code type}, by its name. */
    static Map<String, List<String>> vocabulary() {
        var fields = new LinkedHashMap<String, List<String>>();
        KINDS.forms().forEach((type, kind) -> fields.put(type, kind.fields()));
        return fields;
    }

    /**
     * A whole model; one error and empty if it is too large to look at.
     *
     * @param fields those of the model
     * @param hasDataset whether inputs are columns, and not shapes
     */
    Optional<Draft> model(JsonNode node, Fields fields, boolean hasDataset) {
        boolean isGraph =
                fields.has(ContainerReader.MODULES) || fields.has(ContainerReader.FORWARD);
        String place = fields.pointer(isGraph ? ContainerReader.MODULES : ContainerReader.LAYERS);
        if (!containers.isSmall(node, place)) {
            return Optional.empty();
        }
        if (!isGraph) {
            for (String field : List.of(GraphReader.INPUTS, GraphReader.OUTPUT)) {
                if (fields.has(field)) {
                    fields.reject(field, "needs modules and forward; leave it out with layers");
                }
            }
        } else if (fields.has(ContainerReader.LAYERS)) {
            fields.reject(
                    ContainerReader.LAYERS,
                    "expected either layers, or modules and forward; name these layers as a module of"
                            + " type Sequential");
        }
        return Optional.of(
                        isGraph
                                ? graphs.model(fields, hasDataset)
                                : containers.group(fields, Draft.Group.Kind.SEQUENTIAL, 0))
                .filter(draft -> !(draft instanceof Draft.Gap));
    }

    /** A layer in a list, where a {@code ModuleList} cannot stand. */
    Draft layer(JsonNode node, String pointer, int depth) {
        Draft draft = module(node, pointer, depth);
        if (draft instanceof Draft.Group(Draft.Group.Kind kind, _)
                && kind == Draft.Group.Kind.MODULE_LIST) {
            errors.add(
                    Pointers.field(pointer, Types.TYPE),
                    "a ModuleList has no forward, so it can only be among the modules of a Module;"
                            + " write Sequential");
            return new Draft.Gap();
        }
        return draft;
    }

    /** A layer that a graph can call. */
    Draft module(JsonNode node, String pointer, int depth) {
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
        kinds.put("Sequential", group(Draft.Group.Kind.SEQUENTIAL));
        kinds.put("ModuleList", group(Draft.Group.Kind.MODULE_LIST));
        kinds.put(
                "Module",
                new Kind(
                        GraphReader.FIELDS,
                        (reader, fields, depth) -> reader.graphs.nested(fields, depth)));
        return kinds;
    }

    private static Kind group(Draft.Group.Kind kind) {
        return new Kind(
                List.of(ContainerReader.LAYERS),
                (reader, fields, depth) -> reader.containers.group(fields, kind, depth));
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
}
