package dev.hearth.spec;

import dev.hearth.tensorfile.ElementType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A column of images or tensors that is a model's whole input.
 *
 * @param dtype of the values as they are stored
 * @param shape of one cell as it is stored; {@code [channels, height, width]} of an image, with
 *     {@link #VARIES} for a height and a width that differ from row to row
 * @param transforms what is done to images before the model sees them, in evaluation and
 *     prediction; the last ones make numbers of bytes
 */
public record BlockInput(
        String column,
        Kind kind,
        ElementType dtype,
        List<Long> shape,
        List<TransformSpec> transforms)
        implements InputForm {

    /** An extent that differs from row to row. */
    public static final long VARIES = -1;

    /** What a cell is, which decides how it becomes numbers. */
    public enum Kind {
        /** A picture of values from 0 to 255, which transforms make numbers of. */
        IMAGE,
        /** Numbers as they are; the model gets FLOAT32. */
        TENSOR
    }

    public BlockInput {
        shape = List.copyOf(shape);
        transforms = List.copyOf(transforms);
        if (shape.stream().anyMatch(extent -> extent < 1 && extent != VARIES)) {
            throw new IllegalArgumentException("a cell of shape " + shape);
        }
        if (kind == Kind.IMAGE && (dtype != ElementType.UINT8 || shape.size() != 3)) {
            throw new IllegalArgumentException("an image of %s %s".formatted(dtype, shape));
        }
    }

    /** Whether cells differ in shape. */
    public boolean varies() {
        return shape.contains(VARIES);
    }

    /** What is known of the images before the transforms. */
    public Picture picture() {
        return new Picture(shape.get(0), extent(shape.get(1)), extent(shape.get(2)), false);
    }

    private static OptionalLong extent(long extent) {
        return extent == VARIES ? OptionalLong.empty() : OptionalLong.of(extent);
    }

    /** Why an image of this size cannot be taken; empty if it can. */
    public Optional<String> refusal(long height, long width) {
        var errors = new SpecErrors();
        Shape expected = modelShape(errors);
        Shape found = resized(height, width).modelShape(errors);
        if (!errors.isEmpty()) {
            return Optional.of(
                    "of %d×%d pixels: %s"
                            .formatted(height, width, errors.listed().getFirst().message()));
        }
        return found.equals(expected)
                ? Optional.empty()
                : Optional.of(
                        "has %d×%d pixels; this model takes %s×%s, so resize it"
                                .formatted(height, width, shape.get(1), shape.get(2)));
    }

    private BlockInput resized(long height, long width) {
        return new BlockInput(
                column, kind, dtype, List.of(shape.getFirst(), height, width), transforms);
    }

    /** The shape of one sample as the model gets it; an error where it is not always the same. */
    public Shape modelShape(SpecErrors errors) {
        return modelShape(
                transforms.stream()
                        .map(each -> new Transforms.Placed(each, BlockShapes.POINTER))
                        .toList(),
                errors);
    }

    /** As {@link #modelShape(SpecErrors)}, with other transforms. */
    Shape modelShape(List<Transforms.Placed> others, SpecErrors errors) {
        return switch (kind) {
            case IMAGE ->
                    BlockShapes.sized(
                            new TransformShapes(errors).after(picture(), others), column, errors);
            case TENSOR -> new Shape(shape);
        };
    }
}
