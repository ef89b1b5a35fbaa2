package dev.hearth.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads {@code layers} arrays. The layers that exist are those in {@link #KINDS} and no others. */
final class LayerReader {

    private static final Types<LayerKind> KINDS = new Types<>("layer", kinds());

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
        Initialization init = InitializationReader.read(fields, true, errors);
        return Optional.of(
                        isGraph
                                ? graphs.model(fields, hasDataset)
                                : containers.group(fields, Draft.Group.Kind.SEQUENTIAL, 0))
                .filter(draft -> !(draft instanceof Draft.Gap))
                .map(draft -> draft.withInit(init));
    }

    SpecErrors errors() {
        return errors;
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

    private static Map<String, LayerKind> kinds() {
        var kinds = new LinkedHashMap<String, LayerKind>();
        ProjectionReader.kinds().forEach((type, kind) -> kinds.put(type, kind.initialized()));
        ConvolutionReader.kinds().forEach((type, kind) -> kinds.put(type, kind.initialized()));
        kinds.putAll(PoolingReader.kinds());
        kinds.putAll(ActivationReader.kinds());
        NormalizationReader.kinds().forEach((type, kind) -> kinds.put(type, kind.initialized()));
        SequenceReader.kinds().forEach((type, kind) -> kinds.put(type, kind.initialized()));
        kinds.putAll(ReshapingReader.kinds());
        kinds.put("Sequential", group(Draft.Group.Kind.SEQUENTIAL));
        kinds.put("ModuleList", group(Draft.Group.Kind.MODULE_LIST));
        kinds.put(
                "Module",
                new LayerKind(
                        GraphReader.FIELDS,
                        (reader, fields, depth) -> reader.graphs.nested(fields, depth)));
        return kinds;
    }

    private static LayerKind group(Draft.Group.Kind kind) {
        return new LayerKind(
                List.of(ContainerReader.LAYERS),
                (reader, fields, depth) -> reader.containers.group(fields, kind, depth));
    }
}
