package dev.hearth.inference;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A tensor on its way in or out, whatever it came in: JSON, the binary extension or gRPC.
 *
 * @param shape its extents, none negative
 * @param data row-major and little-endian, without padding, as the binary extension has it: exactly
 *     as many elements as the shape says
 */
record Tensor(String name, Datatype datatype, List<Long> shape, ByteBuffer data) {

    private static final int MOST_EXTENTS = 32;

    /**
     * @throws ProblemException INVALID_INPUT where the data is not what shape and datatype say
     */
    Tensor {
        shape = List.copyOf(shape);
        data = data.slice().order(ByteOrder.LITTLE_ENDIAN);
        requireLength(name, datatype, shape, data);
    }

    /** The product of the extents, in long. */
    static long elements(String name, List<Long> shape) {
        if (shape.size() > MOST_EXTENTS) {
            throw refused(name, "a shape of more than %d extents".formatted(MOST_EXTENTS));
        }
        long elements = 1;
        for (long extent : shape) {
            if (extent < 0) {
                throw refused(
                        name,
                        "the shape %s has a negative extent; say how many there are"
                                .formatted(shape));
            }
            try {
                elements = Math.multiplyExact(elements, extent);
            } catch (ArithmeticException e) {
                throw refused(name, "the shape %s has more elements than can be".formatted(shape));
            }
        }
        return elements;
    }

    /** How many elements. */
    int count() {
        return Math.toIntExact(elements(name, shape));
    }

    private static void requireLength(
            String name, Datatype datatype, List<Long> shape, ByteBuffer data) {
        long elements = elements(name, shape);
        if (!datatype.isFixed()) {
            requireTexts(name, shape, elements, data);
            return;
        }
        // Compared by division: elements times size may be more than a long holds.
        if (data.remaining() % datatype.sizeBytes != 0
                || data.remaining() / datatype.sizeBytes != elements) {
            throw refused(
                    name,
                    "%s %s takes %d elements of %d bytes, got %d bytes"
                            .formatted(
                                    datatype,
                                    shape,
                                    elements,
                                    datatype.sizeBytes,
                                    data.remaining()));
        }
        if (datatype == Datatype.BOOL) {
            requireBooleans(name, data);
        }
    }

    private static void requireBooleans(String name, ByteBuffer data) {
        for (int i = 0; i < data.limit(); i++) {
            if ((data.get(i) & ~1) != 0) {
                throw refused(
                        name,
                        "element %d of BOOL is the byte %d; 0 is false, 1 is true"
                                .formatted(i, data.get(i) & 0xff));
            }
        }
    }

    private static void requireTexts(
            String name, List<Long> shape, long elements, ByteBuffer data) {
        int at = 0;
        long found = 0;
        while (at < data.limit()) {
            long length = data.limit() - at < 4 ? -1 : data.getInt(at) & 0xffff_ffffL;
            if (length < 0 || length > data.limit() - at - 4) {
                throw refused(
                        name,
                        "element %d of BYTES begins at byte %d and goes beyond the %d bytes that there are"
                                .formatted(found, at, data.limit()));
            }
            at += 4 + (int) length;
            found++;
        }
        if (found != elements) {
            throw refused(
                    name, "BYTES %s takes %d elements, got %d".formatted(shape, elements, found));
        }
    }

    /** An element of a number or a BOOL, as near as a double comes to it. */
    double number(int index) {
        return switch (datatype) {
            case BOOL, UINT8 -> data.get(index) & 0xff;
            case UINT16 -> data.getShort(2 * index) & 0xffff;
            case UINT32 -> data.getInt(4 * index) & 0xffff_ffffL;
            case UINT64 -> unsigned(data.getLong(8 * index));
            case INT8 -> data.get(index);
            case INT16 -> data.getShort(2 * index);
            case INT32 -> data.getInt(4 * index);
            case INT64 -> data.getLong(8 * index);
            case FP16 -> Float.float16ToFloat(data.getShort(2 * index));
            case FP32 -> data.getFloat(4 * index);
            case FP64 -> data.getDouble(8 * index);
            case BYTES -> throw new IllegalStateException("BYTES are no numbers");
        };
    }

    /** An element of a number, rounded once to the nearest float, as PyTorch's {@code float()}. */
    float toFloat(int index) {
        return switch (datatype) {
            case INT64 -> data.getLong(8 * index); // not by way of a double, which rounds, too
            case UINT64 -> unsignedFloat(data.getLong(8 * index));
            case BOOL, UINT8, UINT16, UINT32, INT8, INT16, INT32, FP16, FP32, FP64, BYTES ->
                    (float) number(index);
        };
    }

    /** An element of whole numbers in decimal digits, all of them. */
    String digits(int index) {
        return switch (datatype) {
            case UINT64 -> Long.toUnsignedString(data.getLong(8 * index));
            case INT64 -> Long.toString(data.getLong(8 * index));
            case UINT8, UINT16, UINT32, INT8, INT16, INT32 -> Long.toString((long) number(index));
            case BOOL, FP16, FP32, FP64, BYTES ->
                    throw new IllegalStateException(datatype + " are no whole numbers");
        };
    }

    /** All elements of BYTES; those that are no UTF-8 are refused. */
    List<String> texts() {
        var texts = new ArrayList<String>(count());
        int at = 0;
        while (at < data.limit()) {
            int length = data.getInt(at);
            try {
                texts.add(
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(data.slice(at + 4, length))
                                .toString());
            } catch (CharacterCodingException e) {
                throw refused(name, "element %d is no UTF-8".formatted(texts.size()));
            }
            at += 4 + length;
        }
        return texts;
    }

    private static double unsigned(long bits) {
        if (bits >= 0) {
            return bits;
        }
        // Halved with the lost bit kept, so that the one rounding is right.
        return (double) ((bits >>> 1) | (bits & 1)) * 2;
    }

    private static float unsignedFloat(long bits) {
        if (bits >= 0) {
            return bits;
        }
        return (float) ((bits >>> 1) | (bits & 1)) * 2;
    }

    static ProblemException refused(String name, String why) {
        return ProblemException.at(ProblemCode.INVALID_INPUT, "tensor '" + name + "'", why);
    }
}
