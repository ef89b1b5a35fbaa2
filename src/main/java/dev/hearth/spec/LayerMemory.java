package dev.hearth.spec;

import dev.hearth.spec.ModelPlan.Layer;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a layer holds of a sample beside its output, in elements. What is within a layer is as
 * {@code MemoryBench} has measured it; docs/operations.md has its table.
 *
 * @param kept within it, for the backward pass
 * @param trained at a time in the backward pass: gradients, and what kernels take beside them
 * @param evaluated at a time without gradients: what it takes and makes, and what is within it
 */
record LayerMemory(long kept, long trained, long evaluated) {

    /** Convolutions turn their inputs and outputs into layouts of their own. */
    private static final int LAYOUTS = 2;

    /** Gates before and after their activations, states, and what multiplies them. */
    private static final int VALUES_A_GATE = 4;

    static LayerMemory of(Layer layer) {
        long own =
                Stream.concat(layer.inputs().stream(), Stream.of(layer.output()))
                        .mapToLong(Shape::elements)
                        .sum();
        return switch (layer.spec()) {
            case Convolution _ -> new LayerMemory(0, LAYOUTS * own, LAYOUTS * own);
            case Recurrent recurrent -> {
                long states =
                        layer.input().dims().getFirst()
                                * recurrent.hiddenSize()
                                * recurrent.directions();
                long gates = recurrent.cell().gates;
                yield new LayerMemory(
                        states * recurrent.numLayers() * gates * VALUES_A_GATE,
                        own,
                        own + states * (gates + 1));
            }
            case Attention.MultiheadAttention attention -> {
                long within = attention(layer, attention.heads());
                yield new LayerMemory(within, own, own + within * 2 / 3);
            }
            case Attention.TransformerEncoderLayer encoder -> {
                long steps = layer.input().dims().getFirst();
                long within =
                        attention(layer, encoder.heads())
                                + 3 * steps * encoder.dimFeedforward()
                                + 6 * layer.input().elements();
                yield new LayerMemory(within, own, own + within * 2 / 3);
            }
            case Projection _,
                    Activation _,
                    Pooling _,
                    Normalization _,
                    Noise _,
                    Reshaping _,
                    LayerSpec.Container _ ->
                    new LayerMemory(0, own, own);
        };
    }

    /** Queries, keys and values, twice; scores before, after and without those dropped. */
    private static long attention(Layer layer, long heads) {
        List<Long> lengths = layer.inputs().stream().map(shape -> shape.dims().getFirst()).toList();
        return 6 * layer.inputs().stream().mapToLong(Shape::elements).max().orElse(0)
                + 3 * heads * lengths.getFirst() * lengths.getLast()
                + 2 * layer.output().elements();
    }
}
