package dev.hearth.dataset;

import dev.hearth.tensorfile.ElementType;
import dev.hearth.tensorfile.MappedBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A tensor of a file, whose first extent counts rows.
 *
 * @param name what its column is called
 * @param shape at least one extent, the first of them the rows
 * @param position of its first byte in {@code file}
 * @param isBigEndian whether each element's first byte is its highest
 * @param isFortran whether the first index runs fastest
 */
record TensorSource(
        String name,
        ElementType type,
        List<Long> shape,
        MappedBytes file,
        long position,
        boolean isBigEndian,
        boolean isFortran) {

    TensorSource {
        shape = List.copyOf(shape);
    }

    long rows() {
        return shape.getFirst();
    }

    /** Whether the other's rows may follow this one's. */
    boolean isContinuedBy(TensorSource other) {
        return type == other.type && rowShape().equals(other.rowShape());
    }

    /** Its type and the shape of a row. */
    String words() {
        return type.dtype + " " + rowShape();
    }

    /** Elements of a row. */
    long width() {
        return shape.stream().skip(1).reduce(1L, Math::multiplyExact);
    }

    /** Of one row. */
    List<Long> rowShape() {
        return shape.subList(1, shape.size());
    }

    /** Whether each row is one value. */
    boolean isColumn() {
        return shape.size() == 1;
    }

    /** A value of a tensor of one value a row, as a table of text has it. */
    String cell(long row) {
        long bits = bits(row);
        return switch (type) {
            case FLOAT64 -> number(Double.longBitsToDouble(bits));
            case FLOAT32 -> number(Float.intBitsToFloat((int) bits));
            case FLOAT16 -> number(Float.float16ToFloat((short) bits));
            case BFLOAT16 -> number(Float.intBitsToFloat((int) bits << 16));
            case INT64, INT32, INT16, INT8 -> Long.toString(signed(bits));
            case UINT8 -> Long.toString(bits & 0xFF);
            case BOOL -> bits == 0 ? "false" : "true";
        };
    }

    /** The shortest text that is read as the same double. */
    private static String number(double value) {
        return Double.toString(value);
    }

    private long signed(long bits) {
        int unused = Long.SIZE - type.size * Byte.SIZE;
        return bits << unused >> unused;
    }

    /** The bits of an element, the lowest ones. */
    private long bits(long element) {
        long at = position + element * type.size;
        return switch (type.size) {
            case 1 -> file.byteAt(at);
            case 2 -> {
                short bits = (short) file.shortAt(at);
                yield isBigEndian ? Short.reverseBytes(bits) : bits;
            }
            case 4 -> isBigEndian ? Integer.reverseBytes(file.intAt(at)) : file.intAt(at);
            default -> isBigEndian ? Long.reverseBytes(file.longAt(at)) : file.longAt(at);
        };
    }

    /** Puts a row's elements, row-major and little-endian. */
    void put(long row, ByteBuffer out) {
        int width = Math.toIntExact(width());
        if (!isBigEndian && !isFortran) {
            int bytes = Math.multiplyExact(width, type.size);
            out.put(file.view(position + row * bytes, bytes));
            return;
        }
        out.order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < width; i++) {
            long bits = bits(isFortran ? fortranPlace(row, i) : row * width + i);
            switch (type.size) {
                case 1 -> out.put((byte) bits);
                case 2 -> out.putShort((short) bits);
                case 4 -> out.putInt((int) bits);
                default -> out.putLong(bits);
            }
        }
    }

    /** Where element {@code i} of a row, counted row-major, lies column-major. */
    private long fortranPlace(long row, long i) {
        long place = 0;
        long left = i;
        for (int dim = shape.size() - 1; dim >= 1; dim--) {
            long stride = 1;
            for (int before = 0; before < dim; before++) {
                stride *= shape.get(before);
            }
            place += left % shape.get(dim) * stride;
            left /= shape.get(dim);
        }
        return place + row;
    }
}
