package dev.hearth.inference;

import dev.hearth.problem.ProblemException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.InputCoercionException;

/**
 * Reads a tensor's {@code data} from JSON straight into the bytes that the binary extension has for
 * it: flat, or nested as the shape says.
 */
final class JsonElements {

    private static final int FIRST_BYTES = 4096;

    private final JsonParser parser;
    private final String name;
    private final Datatype datatype;
    private final List<Long> shape;
    private final long expected;
    private ByteBuffer bytes;
    private long found;

    private JsonElements(JsonParser parser, String name, Datatype datatype, List<Long> shape) {
        this.parser = parser;
        this.name = name;
        this.datatype = datatype;
        this.shape = shape;
        this.expected = Tensor.elements(name, shape);
        // Grows with what is there, not with what the shape says.
        this.bytes = allocate(FIRST_BYTES);
    }

    /**
     * @param parser at the array's begin; afterwards at its end
     */
    static Tensor read(JsonParser parser, String name, Datatype datatype, List<Long> shape) {
        var elements = new JsonElements(parser, name, datatype, shape);
        elements.readArray();
        return new Tensor(name, datatype, shape, elements.bytes.flip());
    }

    private void readArray() {
        int rank = shape.size();
        var seen = new long[rank + 2]; // of the list at each depth, from 1
        int depth = 1;
        int leaves = 0; // the depth at which elements stand; 0 as long as none has come
        while (depth > 0) {
            JsonToken token = parser.nextToken();
            switch (token) {
                case START_ARRAY -> {
                    depth++;
                    if (depth > rank) {
                        throw nesting();
                    }
                    seen[depth] = 0;
                }
                case END_ARRAY -> {
                    if (depth > 1 || leaves > 1) {
                        requireExtent(depth, seen[depth]);
                    }
                    depth--;
                    seen[depth]++;
                }
                case null, default -> {
                    if (leaves == 0) {
                        leaves = depth;
                        if (depth > 1 && depth < rank) {
                            throw nesting();
                        }
                    } else if (leaves != depth) {
                        throw nesting();
                    }
                    seen[depth]++;
                    put(token);
                }
            }
        }
        if (found != expected) {
            throw count(String.valueOf(found));
        }
    }

    private void requireExtent(int depth, long length) {
        if (length != shape.get(depth - 1)) {
            throw nesting();
        }
    }

    private void put(JsonToken token) {
        if (found == expected) {
            throw count("more");
        }
        if (bytes.remaining() < Long.BYTES) {
            grow(1);
        }
        try {
            switch (datatype) {
                case BOOL -> bytes.put((byte) (bool(token) ? 1 : 0));
                case INT8 -> bytes.put((byte) integer(token, Byte.MIN_VALUE, Byte.MAX_VALUE));
                case UINT8 -> bytes.put((byte) integer(token, 0, 0xff));
                case INT16 ->
                        bytes.putShort((short) integer(token, Short.MIN_VALUE, Short.MAX_VALUE));
                case UINT16 -> bytes.putShort((short) integer(token, 0, 0xffff));
                case INT32 ->
                        bytes.putInt((int) integer(token, Integer.MIN_VALUE, Integer.MAX_VALUE));
                case UINT32 -> bytes.putInt((int) integer(token, 0, 0xffff_ffffL));
                case INT64 -> bytes.putLong(integer(token, Long.MIN_VALUE, Long.MAX_VALUE));
                case UINT64 -> bytes.putLong(unsigned(token));
                case FP16 -> bytes.putShort(half(token));
                case FP32 -> bytes.putFloat(single(token));
                case FP64 -> bytes.putDouble(real(token));
                case BYTES -> putText(token);
            }
        } catch (InputCoercionException e) {
            throw unfit(token);
        }
        found++;
    }

    private boolean bool(JsonToken token) {
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            throw unfit(token);
        }
        return token == JsonToken.VALUE_TRUE;
    }

    private long integer(JsonToken token, long least, long most) {
        if (token != JsonToken.VALUE_NUMBER_INT) {
            throw unfit(token);
        }
        long value = parser.getLongValue();
        if (value < least || value > most) {
            throw unfit(token);
        }
        return value;
    }

    private long unsigned(JsonToken token) {
        if (token == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            BigInteger value = parser.getBigIntegerValue();
            if (value.signum() < 0 || value.bitLength() > Long.SIZE) {
                throw unfit(token);
            }
            return value.longValue();
        }
        return integer(token, 0, Long.MAX_VALUE);
    }

    private void requireNumber(JsonToken token) {
        if (token != JsonToken.VALUE_NUMBER_FLOAT && token != JsonToken.VALUE_NUMBER_INT) {
            throw unfit(token);
        }
    }

    private double real(JsonToken token) {
        requireNumber(token);
        double value = parser.getDoubleValue();
        if (!Double.isFinite(value)) {
            throw unfit(token);
        }
        return value;
    }

    private float single(JsonToken token) {
        requireNumber(token);
        float value = parser.getFloatValue();
        if (!Float.isFinite(value)) {
            throw unfit(token);
        }
        return value;
    }

    private short half(JsonToken token) {
        short value = Float.floatToFloat16(single(token));
        if (!Float.isFinite(Float.float16ToFloat(value))) {
            throw unfit(token);
        }
        return value;
    }

    private void putText(JsonToken token) {
        if (token != JsonToken.VALUE_STRING) {
            throw unfit(token);
        }
        byte[] text = parser.getString().getBytes(StandardCharsets.UTF_8);
        if (bytes.remaining() < Integer.BYTES + text.length) {
            grow(Integer.BYTES + text.length);
        }
        bytes.putInt(text.length).put(text);
    }

    private void grow(int more) {
        int doubled = Math.max(2 * bytes.capacity(), Math.addExact(bytes.position(), more));
        bytes = allocate(doubled).put(bytes.flip());
    }

    private static ByteBuffer allocate(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ProblemException nesting() {
        return Tensor.refused(
                name,
                "data is to be flat, or nested lists of the extents %s throughout"
                        .formatted(shape));
    }

    private ProblemException count(String what) {
        return Tensor.refused(
                name, "the shape %s has %d elements, data has %s".formatted(shape, expected, what));
    }

    private ProblemException unfit(JsonToken token) {
        String text =
                switch (token) {
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getString();
                    case VALUE_STRING -> "a text";
                    case VALUE_NULL -> "null";
                    case VALUE_TRUE, VALUE_FALSE -> "a boolean";
                    case START_OBJECT -> "an object";
                    case null, default -> "something else";
                };
        return Tensor.refused(
                name,
                "element %d: expected %s, got %s"
                        .formatted(
                                found,
                                switch (datatype) {
                                    case BOOL -> "true or false";
                                    case BYTES -> "a text";
                                    case FP16, FP32, FP64 -> "a number that " + datatype + " has";
                                    case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 ->
                                            "a whole number that " + datatype + " has";
                                },
                                text.length() > 40 ? text.substring(0, 40) + "…" : text));
    }
}
