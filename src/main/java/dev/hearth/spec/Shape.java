package dev.hearth.spec;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The extents of one sample: a batch of {@code N} samples has shape {@code [N, dims…]}.
 *
 * @param dims each at least 1; empty for a scalar
 */
public record Shape(List<Long> dims) {

    public Shape {
        dims = List.copyOf(dims);
        for (long dim : dims) {
            if (dim < 1) {
                throw new IllegalArgumentException("extent " + dim + " in " + dims);
            }
        }
    }

    public static Shape of(long... dims) {
        return new Shape(Arrays.stream(dims).boxed().toList());
    }

    public int rank() {
        return dims.size();
    }

    public long last() {
        return dims.getLast();
    }

    /**
     * The number of elements.
     *
     * @throws ArithmeticException past 2⁶³−1
     */
    public long elements() {
        return dims.stream().reduce(1L, Math::multiplyExact);
    }

    public Shape withLast(long extent) {
        var changed = dims.stream().mapToLong(Long::longValue).toArray();
        changed[changed.length - 1] = extent;
        return of(changed);
    }

    @Override
    public String toString() {
        return dims.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }
}
