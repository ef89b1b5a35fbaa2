package dev.hearth.spec;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What training takes at least, in bytes, with 4 bytes for each value.
 *
 * @param parameterBytes 4 × parameters
 * @param gradientBytes 4 × parameters
 * @param optimizerBytes 4 × parameters for each tensor that the optimiser keeps of a parameter's
 *     shape: its state, gradients that are accumulated, averaged weights
 * @param activationBytes 4 × rows × the elements of one sample's input and of every layer's and
 *     node's output that is kept for the backward pass; those of Flatten, Unflatten and Identity
 *     share their input's memory
 */
public record MemoryEstimate(
        long parameterBytes, long gradientBytes, long optimizerBytes, long activationBytes) {

    private static final int BYTES = Float.BYTES;

    /**
     * @param rows of a mini-batch
     * @throws ArithmeticException past 2⁶³−1
     */
    public static MemoryEstimate of(ModelPlan plan, OptimizationSpec optimization, long rows) {
        long parameters = Math.multiplyExact(plan.parameterCount(), BYTES);
        long copies = OptimizerState.copies(optimization);
        long activations = Math.multiplyExact(rows, plan.activationElements());
        return new MemoryEstimate(
                parameters,
                parameters,
                Math.multiplyExact(parameters, copies),
                Math.multiplyExact(activations, BYTES));
    }

    @JsonProperty
    public long totalBytes() {
        return Math.addExact(
                Math.addExact(parameterBytes, gradientBytes),
                Math.addExact(optimizerBytes, activationBytes));
    }

    /** Whether the layer's output takes memory of its own. */
    static boolean isStored(LayerSpec spec) {
        return switch (spec) {
            case Projection _,
                    Activation _,
                    Convolution _,
                    Pooling _,
                    Normalization _,
                    Noise _,
                    Recurrent _,
                    Attention _,
                    Reshaping.Upsample _,
                    Reshaping.ZeroPad2d _,
                    Reshaping.PixelShuffle _ ->
                    true;
            case Reshaping.Identity _,
                    Reshaping.Flatten _,
                    Reshaping.Unflatten _,
                    LayerSpec.Container _ ->
                    false;
        };
    }
}
