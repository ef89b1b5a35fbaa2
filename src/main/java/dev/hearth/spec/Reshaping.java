package dev.hearth.spec;

import java.util.List;

/** The same values, arranged, repeated or surrounded by zeros; without parameters. */
public sealed interface Reshaping extends LayerSpec {

    record Identity() implements Reshaping {}

    /** Both ends count the batch dimension, as in PyTorch; negative values count from the end. */
    record Flatten(int startDim, int endDim) implements Reshaping {}

    /**
     * One dimension becomes several.
     *
     * @param dim counts the batch dimension, as in PyTorch
     * @param unflattenedSize at most one may be −1, for what is left
     */
    record Unflatten(int dim, List<Long> unflattenedSize) implements Reshaping {
        public Unflatten {
            unflattenedSize = List.copyOf(unflattenedSize);
        }
    }

    /**
     * Input {@code [N, C, *]}; one of the two lists is empty, the other has one value for all
     * spatial dimensions or one for each.
     */
    record Upsample(List<Long> size, List<Double> scaleFactor, Mode mode, boolean alignCorners)
            implements Reshaping {
        public Upsample {
            size = List.copyOf(size);
            scaleFactor = List.copyOf(scaleFactor);
            LayerSpec.require(
                    size.isEmpty() != scaleFactor.isEmpty(), "either size or scale_factor");
        }

        public enum Mode {
            NEAREST("nearest"),
            BILINEAR("bilinear");

            final String word;

            Mode(String word) {
                this.word = word;
            }
        }
    }

    /** Input {@code [N, *, H, W]}. Negative values cut off. */
    record ZeroPad2d(long left, long right, long top, long bottom) implements Reshaping {}

    /** Input {@code [N, *, C·r², H, W]}, output {@code [N, *, C, H·r, W·r]}. */
    record PixelShuffle(long upscaleFactor) implements Reshaping {}
}
