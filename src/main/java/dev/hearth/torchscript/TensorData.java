package dev.hearth.torchscript;

import dev.hearth.tensorfile.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A tensor's values on the Java side of the fence.
 *
 * @param shape empty for a scalar
 * @param bytes row-major, little-endian; read-only
 */
public record TensorData(Type type, List<Long> shape, ByteBuffer bytes) {

    /** An element type of what Hearth makes itself. */
    public enum Type {
        FLOAT32(ElementType.FLOAT32),
        FLOAT64(ElementType.FLOAT64),
        INT64(ElementType.INT64);

        final ElementType element;
        final int size;

        Type(ElementType element) {
            this.element = element;
            this.size = element.size;
        }
    }

    public TensorData {
        shape = List.copyOf(shape);
        bytes = bytes.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long expected = Math.multiplyExact(elements(shape), (long) type.size);
        if (bytes.remaining() != expected) {
            throw new IllegalArgumentException(
                    "%s %s takes %d bytes, got %d"
                            .formatted(type, shape, expected, bytes.remaining()));
        }
    }

    /** Zeros of type {@code FLOAT32}. */
    public static TensorData zeros(List<Long> shape) {
        return zeros(Type.FLOAT32, shape);
    }

    public static TensorData zeros(Type type, List<Long> shape) {
        int size = Math.toIntExact(Math.multiplyExact(elements(shape), (long) type.size));
        return new TensorData(type, shape, ByteBuffer.allocate(size));
    }

    /** A vector of type {@code FLOAT64}. */
    public static TensorData of(double... values) {
        var bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Double.BYTES));
        bytes.order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().put(values);
        return new TensorData(Type.FLOAT64, List.of((long) values.length), bytes);
    }

    /** A vector of type {@code FLOAT32}. */
    static TensorData ofFloats(float... values) {
        var bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
        bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
        return new TensorData(Type.FLOAT32, List.of((long) values.length), bytes);
    }

    public long elements() {
        return elements(shape);
    }

    private static long elements(List<Long> shape) {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
