package dev.hearth.spec;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A layer or an activation near a model's end, for those who ask what its output is.
 *
 * @param pointer where it is written
 * @param spec of a layer, or of the layer that does the same as the operation at {@code pointer}
 */
record LastLayer(String pointer, LayerSpec spec) {

    /**
     * The last one that is {@code wanted}, going back from the output by first inputs.
     *
     * @param pointer to {@code layer}
     */
    static Optional<LastLayer> of(LayerSpec layer, String pointer, Predicate<LastLayer> wanted) {
        return of(layer, pointer, new Search(wanted, _ -> true));
    }

    /**
     * The same, but empty where an operation that has no such layer makes other values of what the
     * last layer outputs.
     */
    static Optional<LastLayer> untouched(
            LayerSpec layer, String pointer, Predicate<LastLayer> wanted) {
        return of(layer, pointer, new Search(wanted, OpSpec::isView));
    }

    /**
     * @param passes which operations are looked through
     */
    private record Search(Predicate<LastLayer> wanted, Predicate<OpSpec> passes) {}

    private static Optional<LastLayer> of(LayerSpec layer, String pointer, Search search) {
        return switch (layer) {
            case LayerSpec.Module module -> ofGraph(module, pointer, search);
            case LayerSpec.Container container ->
                    container.children().reversed().stream()
                            .flatMap(child ->
                                    of(child.spec(), pointer + child.place(), search).stream())
                            .findFirst();
            case LayerSpec leaf ->
                    Optional.of(new LastLayer(pointer, leaf)).filter(search.wanted());
        };
    }

    private static Optional<LastLayer> ofGraph(
            LayerSpec.Module module, String pointer, Search search) {
        Optional<Graph.Node> node = module.graph().node(module.graph().output());
        while (node.isPresent()) {
            Optional<LastLayer> found =
                    switch (node.get()) {
                        case Graph.Call call -> {
                            var child = child(module, List.of(call.module().split("\\.")));
                            yield of(child.spec(), pointer + child.place(), search);
                        }
                        case Graph.Apply apply ->
                                sameAs(apply.op())
                                        .map(spec ->
                                                new LastLayer(
                                                        pointer
                                                                + "/forward/"
                                                                + module.graph()
                                                                        .nodes()
                                                                        .indexOf(apply),
                                                        spec))
                                        .filter(search.wanted());
                    };
            if (found.isPresent()
                    || (node.get() instanceof Graph.Apply apply
                            && !search.passes().test(apply.op()))) {
                return found;
            }
            node = module.graph().node(node.get().inputs().getFirst());
        }
        return Optional.empty();
    }

    /** With the place from {@code container} on. */
    private static LayerSpec.Child child(LayerSpec.Container container, List<String> names) {
        LayerSpec.Child child =
                container.children().stream()
                        .filter(candidate -> candidate.name().equals(names.getFirst()))
                        .findFirst()
                        .orElseThrow();
        if (names.size() == 1) {
            return child;
        }
        var below = child((LayerSpec.Container) child.spec(), names.subList(1, names.size()));
        return new LayerSpec.Child(below.name(), child.place() + below.place(), below.spec());
    }

    private static Optional<LayerSpec> sameAs(OpSpec op) {
        return switch (op) {
            case OpSpec.Softmax(int dim) -> Optional.of(new Activation.Softmax(dim));
            case OpSpec.LogSoftmax(int dim) -> Optional.of(new Activation.LogSoftmax(dim));
            case OpSpec.Pointwise(OpSpec.Pointwise.Function function) ->
                    switch (function) {
                        case SIGMOID -> Optional.of(new Activation.Sigmoid());
                        case TANH -> Optional.of(new Activation.Tanh());
                        case RELU -> Optional.of(new Activation.ReLU());
                        case ABS,
                                NEG,
                                EXP,
                                LOG,
                                SQRT,
                                RSQRT,
                                SQUARE,
                                SIN,
                                COS,
                                RELU6,
                                SILU,
                                MISH,
                                SELU,
                                HARDSIGMOID,
                                HARDSWISH,
                                LOGSIGMOID ->
                                Optional.empty();
                    };
            case OpSpec.Arithmetic _,
                    OpSpec.MatMul _,
                    OpSpec.Cat _,
                    OpSpec.Stack _,
                    OpSpec.Reduce _,
                    OpSpec.Flatten _,
                    OpSpec.Reshape _,
                    OpSpec.Transpose _,
                    OpSpec.Permute _,
                    OpSpec.Squeeze _,
                    OpSpec.Unsqueeze _,
                    OpSpec.Select _,
                    OpSpec.Narrow _,
                    OpSpec.Slice _,
                    OpSpec.Chunk _,
                    OpSpec.Pow _,
                    OpSpec.Clamp _,
                    OpSpec.Gelu _,
                    OpSpec.LeakyRelu _,
                    OpSpec.Elu _,
                    OpSpec.Softplus _,
                    OpSpec.ScaledDotProductAttention _ ->
                    Optional.empty();
        };
    }
}
