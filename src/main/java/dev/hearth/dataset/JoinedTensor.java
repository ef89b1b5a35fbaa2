package dev.hearth.dataset;

import dev.hearth.tensorfile.ElementType;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The tensors of one name in several files, one after the other along the first extent.
 *
 * @param parts at least one; all of the same type and the same shape of a row
 */
record JoinedTensor(List<TensorSource> parts) {

    JoinedTensor {
        parts = List.copyOf(parts);
    }

    private TensorSource first() {
        return parts.getFirst();
    }

    String name() {
        return first().name();
    }

    ElementType type() {
        return first().type();
    }

    /** Of all files together. */
    long rows() {
        return parts.stream().mapToLong(TensorSource::rows).sum();
    }

    /** Elements of a row. */
    long width() {
        return first().width();
    }

    /** Of one row. */
    List<Long> rowShape() {
        return first().rowShape();
    }

    /** Whether each row is one value. */
    boolean isColumn() {
        return first().isColumn();
    }

    /** A value of a tensor of one value a row, as a table of text has it. */
    String cell(long row) {
        long within = row;
        for (var part : parts) {
            if (within < part.rows()) {
                return part.cell(within);
            }
            within -= part.rows();
        }
        throw new IndexOutOfBoundsException(row);
    }

    /** Puts a row's elements, row-major and little-endian. */
    void put(long row, ByteBuffer out) {
        long within = row;
        for (var part : parts) {
            if (within < part.rows()) {
                part.put(within, out);
                return;
            }
            within -= part.rows();
        }
        throw new IndexOutOfBoundsException(row);
    }
}
