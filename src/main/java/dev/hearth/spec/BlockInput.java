package dev.hearth.spec;

import java.util.List;

/**
 * A column of images or tensors that is a model's whole input.
 *
 * @param dtype of the values as they are stored
 * @param shape of one cell as it is stored; {@code [channels, height, width]} of an image, with
 *     {@link #VARIES} for a height and a width that differ from row to row
 */
public record BlockInput(String column, Kind kind, Dtype dtype, List<Long> shape)
        implements InputForm {

    /** An extent that differs from row to row. */
    public static final long VARIES = -1;

    /** What a cell is, which decides how it becomes numbers. */
    public enum Kind {
        /** A picture of values from 0 to 255; the model gets FLOAT32 from 0 to 1. */
        IMAGE,
        /** Numbers as they are; the model gets FLOAT32. */
        TENSOR
    }

    /** An element type, named as in safetensors. */
    public enum Dtype {
        U8,
        I8,
        I16,
        I32,
        I64,
        F16,
        F32,
        F64
    }

    public BlockInput {
        shape = List.copyOf(shape);
        if (shape.stream().anyMatch(extent -> extent < 1 && extent != VARIES)) {
            throw new IllegalArgumentException("a cell of shape " + shape);
        }
        if (kind == Kind.IMAGE && (dtype != Dtype.U8 || shape.size() != 3)) {
            throw new IllegalArgumentException("an image of %s %s".formatted(dtype, shape));
        }
    }

    /** Whether cells differ in shape. */
    public boolean varies() {
        return shape.contains(VARIES);
    }

    /** The shape of one sample as the model gets it; an error where it is not always the same. */
    public Shape modelShape(SpecErrors errors) {
        if (varies()) {
            errors.add(
                    "/transforms",
                    "the images of column %s differ in size, and a model takes one; upload them in one size"
                            .formatted(Wording.quoted(column)));
            return new Shape(shape.stream().map(extent -> Math.max(1, extent)).toList());
        }
        return new Shape(shape);
    }
}
