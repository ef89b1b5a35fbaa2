package dev.hearth.torchscript;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of numbers outside the native library: a model's input, output, or gradients.
 *
 * @param values {@code [count, shape…]}, row-major
 * @param shape of one row
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier on the way to libtorch, never compared
public record FloatRows(float[] values, int count, List<Long> shape) {

    public FloatRows {
        shape = List.copyOf(shape);
        if (values.length != Math.multiplyExact((long) count, elements(shape))) {
            throw new IllegalArgumentException(
                    "%d rows of %s and %d values".formatted(count, shape, values.length));
        }
    }

    /** Those of several in one, which are alike in shape. */
    public static FloatRows joined(List<FloatRows> parts) {
        var first = parts.getFirst();
        int count = parts.stream().mapToInt(FloatRows::count).sum();
        var values = FloatBuffer.allocate(Math.multiplyExact(count, first.width()));
        parts.forEach(part -> values.put(part.values()));
        return new FloatRows(values.array(), count, first.shape());
    }

    /** How many numbers a row has. */
    public int width() {
        return Math.toIntExact(elements(shape));
    }

    /** A copy of one row. */
    public float[] row(int index) {
        return Arrays.copyOfRange(values, index * width(), (index + 1) * width());
    }

    /** One number of a row. */
    public float at(int row, int index) {
        return values[row * width() + index];
    }

    private static long elements(List<Long> shape) {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
