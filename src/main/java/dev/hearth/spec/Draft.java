package dev.hearth.spec;

import java.util.List;
import java.util.Optional;

/** A model as far as it could be read, so that one unreadable layer does not hide other errors. */
sealed interface Draft {

    /** A layer with no layers in it. */
    record Leaf(LayerSpec spec, Initialization init) implements Draft {}

    /** Layers in order. */
    record Group(Kind kind, List<Part> parts) implements Draft {

        enum Kind {
            SEQUENTIAL,
            MODULE_LIST
        }

        public Group {
            parts = List.copyOf(parts);
        }
    }

    /**
     * Named layers and what is done with them.
     *
     * @param nodes empty where one could not be read
     */
    record Custom(
            List<Part> parts,
            List<Graph.Input> inputs,
            List<Optional<Graph.Node>> nodes,
            String output)
            implements Draft {
        public Custom {
            parts = List.copyOf(parts);
            inputs = List.copyOf(inputs);
            nodes = List.copyOf(nodes);
        }
    }

    /** A layer that could not be read, whatever it makes of its input. */
    record Gap() implements Draft {}

    /**
     * A layer within another; see {@link LayerSpec.Child}.
     *
     * @param place as a JSON Pointer below its container's
     */
    record Part(String name, String place, Draft draft) {
        private LayerSpec.Child child() {
            Initialization init = draft instanceof Leaf leaf ? leaf.init() : Initialization.NONE;
            return new LayerSpec.Child(name, place, draft.spec(), init);
        }
    }

    /**
     * The same as a layer.
     *
     * @throws IllegalStateException if any of it could not be read
     */
    default LayerSpec spec() {
        return switch (this) {
            case Leaf(LayerSpec spec, _) -> spec;
            case Group(Group.Kind kind, List<Part> parts) ->
                    switch (kind) {
                        case SEQUENTIAL -> new LayerSpec.Sequential(children(parts));
                        case MODULE_LIST -> new LayerSpec.ModuleList(children(parts));
                    };
            case Custom custom ->
                    new LayerSpec.Module(
                            children(custom.parts()),
                            new Graph(
                                    custom.inputs(),
                                    custom.nodes().stream().map(Draft::read).toList(),
                                    custom.output()));
            case Gap _ -> throw new IllegalStateException("a layer that could not be read");
        };
    }

    private static List<LayerSpec.Child> children(List<Part> parts) {
        return parts.stream().map(Part::child).toList();
    }

    private static Graph.Node read(Optional<Graph.Node> node) {
        return node.orElseThrow(() -> new IllegalStateException("a node that could not be read"));
    }

    static Draft of(LayerSpec spec) {
        return switch (spec) {
            case LayerSpec.Sequential(List<LayerSpec.Child> children) ->
                    new Group(Group.Kind.SEQUENTIAL, parts(children));
            case LayerSpec.ModuleList(List<LayerSpec.Child> children) ->
                    new Group(Group.Kind.MODULE_LIST, parts(children));
            case LayerSpec.Module(List<LayerSpec.Child> children, Graph graph) ->
                    new Custom(
                            parts(children),
                            graph.inputs(),
                            graph.nodes().stream().map(Optional::of).toList(),
                            graph.output());
            case LayerSpec leaf -> new Leaf(leaf, Initialization.NONE);
        };
    }

    private static Draft of(LayerSpec.Child child) {
        Draft draft = of(child.spec());
        return draft instanceof Leaf(LayerSpec spec, _) ? new Leaf(spec, child.init()) : draft;
    }

    /** The same with an initialisation for every layer that has none of its own. */
    default Draft withInit(Initialization init) {
        return switch (this) {
            case Leaf(LayerSpec spec, Initialization own) ->
                    new Leaf(spec, own.equals(Initialization.NONE) ? init : own);
            case Group(Group.Kind kind, List<Part> parts) -> new Group(kind, withInit(parts, init));
            case Custom custom ->
                    new Custom(
                            withInit(custom.parts(), init),
                            custom.inputs(),
                            custom.nodes(),
                            custom.output());
            case Gap gap -> gap;
        };
    }

    private static List<Part> withInit(List<Part> parts, Initialization init) {
        return parts.stream()
                .map(part -> new Part(part.name(), part.place(), part.draft().withInit(init)))
                .toList();
    }

    private static List<Part> parts(List<LayerSpec.Child> children) {
        return children.stream()
                .map(child -> new Part(child.name(), child.place(), of(child)))
                .toList();
    }
}
