package dev.hearth.spec;

import dev.hearth.spec.ModelPlan.Buffer;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Takes away the mean and divides by the standard deviation of some of the values. */
public sealed interface Normalization extends LayerSpec {

    double eps();

    /** What is kept between batches, in PyTorch's order; of a layer whose extents are known. */
    default List<Buffer> buffers() {
        return List.of();
    }

    /** Running statistics over the batches, used in evaluation in place of the batch's own. */
    sealed interface Tracking extends Normalization {
        OptionalLong numFeatures();

        /** Empty for the mean of all batches so far. */
        OptionalDouble momentum();

        boolean affine();

        boolean trackRunningStats();

        @Override
        default List<Buffer> buffers() {
            if (!trackRunningStats()) {
                return List.of();
            }
            Shape each = Shape.of(numFeatures().orElseThrow());
            return List.of(
                    new Buffer("running_mean", each, Buffer.Kind.ZEROS),
                    new Buffer("running_var", each, Buffer.Kind.ONES),
                    new Buffer("num_batches_tracked", Shape.of(), Buffer.Kind.COUNTER));
        }
    }

    /**
     * {@code BatchNorm1d}, {@code BatchNorm2d} and {@code BatchNorm3d}: each channel over the
     * batch. Input and output {@code [N, num_features, *]}.
     */
    record BatchNorm(
            int dims,
            OptionalLong numFeatures,
            double eps,
            OptionalDouble momentum,
            boolean affine,
            boolean trackRunningStats)
            implements Tracking {
        @Override
        public String type() {
            return "BatchNorm" + dims + "d";
        }
    }

    /** Each channel of each sample for itself. Input and output {@code [N, num_features, H, W]}. */
    record InstanceNorm2d(
            OptionalLong numFeatures,
            double eps,
            OptionalDouble momentum,
            boolean affine,
            boolean trackRunningStats)
            implements Tracking {}

    /**
     * Over the last dimensions.
     *
     * @param normalizedShape their extents; empty for the last one's
     */
    record LayerNorm(
            List<Long> normalizedShape, double eps, boolean elementwiseAffine, boolean bias)
            implements Normalization {
        public LayerNorm {
            normalizedShape = List.copyOf(normalizedShape);
        }
    }

    /** Over groups of channels. Input and output {@code [N, num_channels, *]}. */
    record GroupNorm(long numGroups, OptionalLong numChannels, double eps, boolean affine)
            implements Normalization {}
}
