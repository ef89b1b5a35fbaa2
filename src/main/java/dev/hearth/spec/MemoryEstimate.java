package dev.hearth.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.OptionalLong;

/**
 * What training takes of a device's memory, in bytes, with 4 bytes for each value. What is mapped
 * from the data set's files is not in it, since the system takes it back when it needs to.
 *
 * @param parameterBytes 4 × parameters
 * @param gradientBytes 4 × parameters
 * @param optimizerBytes 4 × parameters for each tensor that the optimiser keeps of a parameter's
 *     shape: its state, gradients that are accumulated, averaged weights
 * @param activationBytes 4 × rows × the elements of one sample's input and of every layer's and
 *     node's output, and of what is within recurrent layers and attention, that is kept for the
 *     backward pass; those of Flatten, Unflatten and Identity share their input's memory
 * @param workingBytes 4 × rows × what the largest layer takes and makes, twice for a convolution:
 *     the gradients that are alive at a time in the backward pass; and a tenth of all that grows
 *     with the rows, which the allocator loses
 * @param evaluationBytes of the rows that are evaluated at once: their input, and what the largest
 *     layer takes and makes; not alive at the same time as activations
 * @param checkpointBytes the parameters and the optimiser's tensors once more, while they are
 *     copied to be saved
 */
public record MemoryEstimate(
        long parameterBytes,
        long gradientBytes,
        long optimizerBytes,
        long activationBytes,
        long workingBytes,
        long evaluationBytes,
        long checkpointBytes) {

    /** Rows that are evaluated at once, if they take no more than {@link ModelPlan} allows. */
    public static final long EVALUATION_BATCH = 1024;

    private static final int BYTES = Float.BYTES;

    /** One part in so many. */
    private static final int LOST = 10;

    /**
     * @param rows of a mini-batch
     * @throws ArithmeticException past 2⁶³−1
     */
    public static MemoryEstimate of(ModelPlan plan, OptimizationSpec optimization, long rows) {
        long parameters = Math.multiplyExact(plan.parameterCount(), BYTES);
        long optimizer = Math.multiplyExact(parameters, OptimizerState.copies(optimization));
        List<LayerMemory> layers =
                plan.layers()
                        .filter(layer -> layer.children().isEmpty())
                        .map(LayerMemory::of)
                        .toList();
        long kept =
                Math.addExact(
                        plan.activationElements(),
                        layers.stream().mapToLong(LayerMemory::kept).reduce(0, Math::addExact));
        long nodes = largestNode(plan);
        long trained = layers.stream().mapToLong(LayerMemory::trained).reduce(nodes, Math::max);
        long evaluated = layers.stream().mapToLong(LayerMemory::evaluated).reduce(nodes, Math::max);
        return new MemoryEstimate(
                parameters,
                parameters,
                optimizer,
                bytes(rows, kept),
                bytes(rows, trained + (kept + trained) / LOST),
                bytes(
                        Math.min(EVALUATION_BATCH, plan.evaluationRows()),
                        plan.input().elements() + evaluated),
                Math.addExact(parameters, optimizer));
    }

    private static long bytes(long rows, long elements) {
        return Math.multiplyExact(Math.multiplyExact(rows, elements), BYTES);
    }

    /** What one node takes and makes of a sample, at most. */
    private static long largestNode(ModelPlan plan) {
        return plan.layers()
                .flatMap(layer -> layer.values().stream())
                .mapToLong(value -> 2 * value.shape().elements())
                .max()
                .orElse(0);
    }

    /** What does not depend on the size of a mini-batch. */
    private long fixedBytes() {
        return Math.addExact(
                Math.addExact(parameterBytes, gradientBytes),
                Math.addExact(optimizerBytes, checkpointBytes));
    }

    private long batchBytes() {
        return Math.addExact(activationBytes, workingBytes);
    }

    /** At most, at any moment of the run. */
    @JsonProperty
    public long totalBytes() {
        return Math.addExact(fixedBytes(), Math.max(batchBytes(), evaluationBytes));
    }

    /**
     * The largest mini-batch that fits.
     *
     * @param rows of the mini-batch that this is the estimate of
     * @param budget in bytes
     * @return empty where not even one of a single row does
     */
    public OptionalLong largestBatch(long rows, long budget) {
        long left = budget - fixedBytes();
        long each = batchBytes() / rows;
        return left < evaluationBytes || left < each
                ? OptionalLong.empty()
                : OptionalLong.of(left / each);
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
