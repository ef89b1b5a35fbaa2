package dev.hearth.torchscript;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Pickles as texts in ISO 8859-1, one character for each byte, right and wrong ones. */
final class RawPickle {

    static final String MARK = "(";
    static final String TUPLE = "t";
    static final String ORDERED_DICT = global("collections", "OrderedDict") + ")R";

    private RawPickle() {}

    /** A whole pickle of protocol 2. */
    static byte[] pickle(String... instructions) {
        return bytes("\u0080\u0002" + String.join("", instructions) + ".");
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String global(String module, String name) {
        return "c" + module + "\n" + name + "\n";
    }

    static String text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return "X" + little(utf8.length, 4) + new String(utf8, StandardCharsets.ISO_8859_1);
    }

    static String number(long value) {
        return "\u008a\u0008" + little(value, 8);
    }

    static String numbers(long... values) {
        var tuple = new StringBuilder(MARK);
        for (long value : values) {
            tuple.append(number(value));
        }
        return tuple + TUPLE;
    }

    static String little(long value, int bytes) {
        byte[] all = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
        return new String(all, 0, bytes, StandardCharsets.ISO_8859_1);
    }

    static String storage(String type, String key, long elements) {
        return MARK
                + text("storage")
                + global("torch", type)
                + text(key)
                + text("cpu")
                + number(elements)
                + TUPLE
                + "Q";
    }

    static String tensor(String storage, long offset, String size, String stride) {
        return global("torch._utils", "_rebuild_tensor_v2")
                + MARK
                + storage
                + number(offset)
                + size
                + stride
                + "\u0089"
                + ORDERED_DICT
                + TUPLE
                + "R";
    }

    /** A dictionary with one item. */
    static String dict(String name, String value) {
        return "}" + text(name) + value + "s";
    }

    /** A state_dict of one vector of four, of another shape than any model has. */
    static String vector() {
        return dict("w", tensor(storage("FloatStorage", "0", 4), 0, numbers(4), numbers(1)));
    }
}
