package dev.hearth.spec;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is done to a picture {@code [C, H, W]} before the model sees it, with the names, the
 * arguments and the meaning of {@code torchvision.transforms} on tensors.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = TransformSpec.Resize.class, name = "Resize"),
    @JsonSubTypes.Type(value = TransformSpec.ResizeShorter.class, name = "ResizeShorter"),
    @JsonSubTypes.Type(value = TransformSpec.CenterCrop.class, name = "CenterCrop"),
    @JsonSubTypes.Type(value = TransformSpec.RandomCrop.class, name = "RandomCrop"),
    @JsonSubTypes.Type(value = TransformSpec.RandomResizedCrop.class, name = "RandomResizedCrop"),
    @JsonSubTypes.Type(
            value = TransformSpec.RandomHorizontalFlip.class,
            name = "RandomHorizontalFlip"),
    @JsonSubTypes.Type(value = TransformSpec.RandomVerticalFlip.class, name = "RandomVerticalFlip"),
    @JsonSubTypes.Type(value = TransformSpec.RandomRotation.class, name = "RandomRotation"),
    @JsonSubTypes.Type(value = TransformSpec.ColorJitter.class, name = "ColorJitter"),
    @JsonSubTypes.Type(value = TransformSpec.RandomErasing.class, name = "RandomErasing"),
    @JsonSubTypes.Type(value = TransformSpec.Pad.class, name = "Pad"),
    @JsonSubTypes.Type(value = TransformSpec.Grayscale.class, name = "Grayscale"),
    @JsonSubTypes.Type(value = TransformSpec.ToTensor.class, name = "ToTensor"),
    @JsonSubTypes.Type(value = TransformSpec.Normalize.class, name = "Normalize")
})
public sealed interface TransformSpec {

    /** How values between pixels are found. */
    enum Interpolation {
        NEAREST,
        BILINEAR,
        BICUBIC
    }

    /** What lies beyond the edge. */
    enum PaddingMode {
        CONSTANT,
        EDGE,
        REFLECT,
        SYMMETRIC
    }

    /** A height and a width in pixels. */
    record Size(long height, long width) {}

    /** Pixels to add at each side. */
    record Padding(long left, long top, long right, long bottom) {

        public static final Padding NONE = new Padding(0, 0, 0, 0);

        @JsonIgnore
        public boolean isNone() {
            return equals(NONE);
        }
    }

    /** A closed interval to draw from. */
    record Range(double low, double high) {
        public Range {
            if (!(low <= high)) {
                throw new IllegalArgumentException("a range from %s to %s".formatted(low, high));
            }
        }
    }

    /** Whether each call draws its own random numbers. */
    @JsonIgnore
    default boolean isRandom() {
        return switch (this) {
            case RandomCrop _,
                    RandomResizedCrop _,
                    RandomHorizontalFlip _,
                    RandomVerticalFlip _,
                    RandomRotation _,
                    ColorJitter _,
                    RandomErasing _ ->
                    true;
            case Resize _,
                    ResizeShorter _,
                    CenterCrop _,
                    Pad _,
                    Grayscale _,
                    ToTensor _,
                    Normalize _ ->
                    false;
        };
    }

    /** To exactly this size: {@code Resize([h, w])}. */
    record Resize(Size size, Interpolation interpolation, boolean antialias)
            implements TransformSpec {}

    /**
     * The shorter side to {@code size} and the other in proportion: {@code Resize(size)}.
     *
     * @param maxSize of the longer side
     */
    record ResizeShorter(
            long size, OptionalLong maxSize, Interpolation interpolation, boolean antialias)
            implements TransformSpec {}

    /** The middle; what is too small is padded with zeros first. */
    record CenterCrop(Size size) implements TransformSpec {}

    /**
     * A part at a random place.
     *
     * @param padding before the crop
     * @param padIfNeeded whether what is too small is padded at both sides
     */
    record RandomCrop(
            Size size, Padding padding, boolean padIfNeeded, double fill, PaddingMode mode)
            implements TransformSpec {}

    /**
     * A part of random place, area and aspect ratio, resized.
     *
     * @param scale of the area, as a fraction of the picture's
     * @param ratio width ÷ height
     */
    record RandomResizedCrop(
            Size size, Range scale, Range ratio, Interpolation interpolation, boolean antialias)
            implements TransformSpec {}

    /** Left and right exchanged, with probability {@code p}. */
    record RandomHorizontalFlip(double p) implements TransformSpec {}

    /** Top and bottom exchanged, with probability {@code p}. */
    record RandomVerticalFlip(double p) implements TransformSpec {}

    /**
     * Turned counter-clockwise around the middle.
     *
     * @param degrees to draw from
     * @param expand whether the result is large enough for all of the turned picture
     */
    record RandomRotation(Range degrees, Interpolation interpolation, boolean expand, double fill)
            implements TransformSpec {}

    /** Each factor is drawn from its range, and they are applied in random order. */
    record ColorJitter(
            Optional<Range> brightness,
            Optional<Range> contrast,
            Optional<Range> saturation,
            Optional<Range> hue)
            implements TransformSpec {}

    /**
     * A rectangle painted over, with probability {@code p}.
     *
     * @param values one for all channels or one for each; empty for random ones
     */
    record RandomErasing(double p, Range scale, Range ratio, List<Double> values)
            implements TransformSpec {
        public RandomErasing {
            values = List.copyOf(values);
        }
    }

    /** More pixels at the sides. */
    record Pad(Padding padding, double fill, PaddingMode mode) implements TransformSpec {}

    /** Lightness alone, in one channel or in three that are alike. */
    record Grayscale(long channels) implements TransformSpec {}

    /** Whole numbers from 0 to 255 as FLOAT32 from 0 to 1. */
    record ToTensor() implements TransformSpec {}

    /** {@code (x − mean) / std}, with one value for all channels or one for each. */
    record Normalize(List<Double> mean, List<Double> std) implements TransformSpec {
        public Normalize {
            mean = List.copyOf(mean);
            std = List.copyOf(std);
        }
    }

    /**
     * What evaluation and prediction do in its place: nothing for what only varies pictures, and
     * what makes the same size without chance for a random crop.
     */
    default List<TransformSpec> deterministic() {
        return switch (this) {
            case RandomCrop crop ->
                    crop.padding().isNone()
                            ? List.of(new CenterCrop(crop.size()))
                            : List.of(
                                    new Pad(crop.padding(), crop.fill(), crop.mode()),
                                    new CenterCrop(crop.size()));
            case RandomResizedCrop crop ->
                    List.of(new Resize(crop.size(), crop.interpolation(), crop.antialias()));
            case RandomHorizontalFlip _,
                    RandomVerticalFlip _,
                    RandomRotation _,
                    ColorJitter _,
                    RandomErasing _ ->
                    List.of();
            case Resize _,
                    ResizeShorter _,
                    CenterCrop _,
                    Pad _,
                    Grayscale _,
                    ToTensor _,
                    Normalize _ ->
                    List.of(this);
        };
    }
}
