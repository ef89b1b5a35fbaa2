package dev.hearth.torchscript;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * An image or a tensor that a model is to look at.
 *
 * @param type of the values
 * @param shape as the model's {@link dev.hearth.spec.BlockInput} says; extents that vary are known
 *     here
 * @param bytes row-major, little-endian
 */
public record Cell(Type type, List<Long> shape, ByteBuffer bytes) {

    /** An element type. */
    public enum Type {
        /** Of images. */
        UINT8(1),
        /** Of tensors, whatever they were stored as. */
        FLOAT32(4);

        final int size;

        Type(int size) {
            this.size = size;
        }
    }

    public Cell {
        shape = List.copyOf(shape);
        bytes = bytes.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long elements = shape.stream().reduce(1L, Math::multiplyExact);
        if (bytes.remaining() != Math.multiplyExact(elements, (long) type.size)) {
            throw new IllegalArgumentException(
                    "%s %s and %d bytes".formatted(type, shape, bytes.remaining()));
        }
    }
}
