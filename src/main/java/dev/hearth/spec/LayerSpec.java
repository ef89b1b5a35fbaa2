package dev.hearth.spec;

import java.util.List;
import java.util.stream.IntStream;

/**
 * One module of a model, with PyTorch's names, arguments and defaults. Extents that can be inferred
 * may be left out; {@link ModelPlan} holds the resolved values. Each family has a file of its own.
 */
public sealed interface LayerSpec
        permits Projection,
                Activation,
                Convolution,
                Pooling,
                Normalization,
                Noise,
                Recurrent,
                Attention,
                Reshaping,
                LayerSpec.Container {

    /** PyTorch's class name, which is also the value of {@code "type"}. */
    default String type() {
        return getClass().getSimpleName();
    }

    /** How many tensors its {@code forward} takes where {@code given} are offered. */
    default int inputs(int given) {
        return 1;
    }

    /** A layer made of layers. */
    sealed interface Container extends LayerSpec {

        /** In PyTorch's order of registration. */
        List<Child> children();

        default List<LayerSpec> layers() {
            return children().stream().map(Child::spec).toList();
        }
    }

    /**
     * A layer within another.
     *
     * @param name PyTorch's name of it there: its index, or the attribute that holds it
     * @param place where it is written, as a JSON Pointer below its container's; the copies of a
     *     repeated layer are written in one place
     * @param init what its parameters begin with; for layers without layers in them
     */
    record Child(String name, String place, LayerSpec spec, Initialization init) {

        public Child(String name, String place, LayerSpec spec) {
            this(name, place, spec, Initialization.NONE);
        }

        static List<Child> inOrder(List<LayerSpec> layers) {
            return IntStream.range(0, layers.size())
                    .mapToObj(i -> new Child(String.valueOf(i), "/layers/" + i, layers.get(i)))
                    .toList();
        }
    }

    /** Layers in order; a child's parameters are named by its index, as in PyTorch. */
    record Sequential(List<Child> children) implements Container {
        public Sequential {
            children = List.copyOf(children);
        }

        public static Sequential of(List<LayerSpec> layers) {
            return new Sequential(Child.inOrder(layers));
        }
    }

    /** Layers that a {@link Module}'s graph calls, all in order or one by its index. */
    record ModuleList(List<Child> children) implements Container {
        public ModuleList {
            children = List.copyOf(children);
        }
    }

    /** A module of the user's own: named layers, and what {@code forward} does with them. */
    record Module(List<Child> children, Graph graph) implements Container {
        public Module {
            children = List.copyOf(children);
        }

        @Override
        public int inputs(int given) {
            return graph.inputs().size();
        }
    }

    /** For the constructors of layers. */
    static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
