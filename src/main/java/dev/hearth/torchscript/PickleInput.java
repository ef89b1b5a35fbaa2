package dev.hearth.torchscript;

import dev.hearth.problem.ProblemException;
import dev.hearth.tensorfile.BadFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A pickle's bytes, read instruction by instruction. Knows where it is, for errors. */
final class PickleInput {

    private static final int LONGEST_TEXT_BYTES = 1 << 16;
    private static final int LONGEST_LINE_BYTES = 256;

    private final String name;
    private final ByteBuffer bytes;
    private int start;
    private @Nullable Opcode opcode;

    /**
     * @param name of the record, such as {@code data.pkl}
     */
    PickleInput(String name, ByteBuffer bytes) {
        this.name = name;
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    Opcode nextOpcode() {
        start = bytes.position();
        opcode = null;
        int code = byteValue();
        opcode = Opcode.of(code);
        if (opcode == null) {
            throw bad("%#x is no instruction; the pickle is damaged".formatted(code));
        }
        return opcode;
    }

    int byteValue() {
        require(1);
        return Byte.toUnsignedInt(bytes.get());
    }

    int shortValue() {
        require(2);
        return Short.toUnsignedInt(bytes.getShort());
    }

    int intValue() {
        require(4);
        return bytes.getInt();
    }

    long unsignedIntValue() {
        return Integer.toUnsignedLong(intValue());
    }

    /** Python's own: big-endian. */
    double doubleValue() {
        require(8);
        return Double.longBitsToDouble(Long.reverseBytes(bytes.getLong()));
    }

    /** A length in one byte, and so many bytes of two's complement. */
    long longValue() {
        int length = byteValue();
        if (length > Long.BYTES) {
            throw bad(
                    "a number of %d bytes; those of a state_dict have 8 at most".formatted(length));
        }
        require(length);
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= (long) Byte.toUnsignedInt(bytes.get()) << (8 * i);
        }
        int unused = Long.SIZE - 8 * length;
        return length == 0 ? 0 : value << unused >> unused;
    }

    String text() {
        long length = unsignedIntValue();
        if (length > LONGEST_TEXT_BYTES) {
            throw bad(
                    "a text of %d bytes; those of a state_dict have %d at most"
                            .formatted(length, LONGEST_TEXT_BYTES));
        }
        require((int) length);
        return decode((int) length);
    }

    /** Up to a line feed, which is read but not answered. */
    String line() {
        int length = 0;
        while (true) {
            if (length > LONGEST_LINE_BYTES) {
                throw bad("a name of more than %d bytes".formatted(LONGEST_LINE_BYTES));
            }
            require(length + 1);
            if (bytes.get(bytes.position() + length) == '\n') {
                break;
            }
            length++;
        }
        String line = decode(length);
        bytes.get();
        return line;
    }

    private String decode(int length) {
        ByteBuffer text = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
        } catch (CharacterCodingException e) {
            throw bad("a text that is not UTF-8");
        }
    }

    private void require(int count) {
        if (bytes.remaining() < count) {
            throw bad("the pickle ends within an instruction: the file is truncated or damaged");
        }
    }

    void requireEnd() {
        if (bytes.hasRemaining()) {
            throw bad("the pickle goes on after its end");
        }
    }

    /** A problem with the instruction that is being read. */
    ProblemException bad(String message) {
        return BadFile.at(
                "%s, byte %d%s".formatted(name, start, opcode == null ? "" : ", " + opcode),
                message);
    }
}
