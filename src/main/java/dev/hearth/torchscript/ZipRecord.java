package dev.hearth.torchscript;

import dev.hearth.problem.ProblemException;
import dev.hearth.tensorfile.BadFile;
import dev.hearth.tensorfile.MappedBytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A record as a zip's central directory tells of it.
 *
 * @param name with its folder
 * @param header where the record's own header begins
 * @param directoryEnd where the directory goes on after it
 */
record ZipRecord(
        String name,
        int flags,
        int method,
        long crc,
        long compressedSize,
        long size,
        long header,
        long directoryEnd) {

    private static final int SIGNATURE = 0x02014b50;
    private static final int FIXED_BYTES = 46;
    private static final int ZIP64_FIELD = 1;
    private static final long UNKNOWN = 0xFFFF_FFFFL;

    /**
     * @param end of the directory
     */
    static ZipRecord read(MappedBytes file, long at, long end) {
        if (at > end - FIXED_BYTES || file.intAt(at) != SIGNATURE) {
            throw BadFile.whole("the zip's directory is damaged at byte " + at);
        }
        int nameLength = file.shortAt(at + 28);
        int extraLength = file.shortAt(at + 30);
        long extra = at + FIXED_BYTES + nameLength;
        long directoryEnd = extra + extraLength;
        if (directoryEnd > end || file.shortAt(at + 32) != 0 || file.shortAt(at + 34) != 0) {
            throw BadFile.whole("the zip's directory is damaged at byte " + at);
        }
        var sizes = new Zip64(file, extra, directoryEnd);
        // In the order in which the extra field has those that do not fit.
        long size = sizes.or(file.unsignedIntAt(at + 24));
        long compressedSize = sizes.or(file.unsignedIntAt(at + 20));
        long header = sizes.or(file.unsignedIntAt(at + 42));
        return new ZipRecord(
                name(file.copy(at + FIXED_BYTES, nameLength), at),
                file.shortAt(at + 8),
                file.shortAt(at + 10),
                file.unsignedIntAt(at + 16),
                compressedSize,
                size,
                header,
                directoryEnd);
    }

    private static String name(byte[] bytes, long at) {
        try {
            String name =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            if (name.isEmpty()
                    || name.contains("\\")
                    || name.chars().anyMatch(Character::isISOControl)) {
                throw BadFile.whole(
                        "the zip's directory has a name at byte %d that no record has: %s"
                                .formatted(at, BadFile.quoted(name)));
            }
            return name;
        } catch (CharacterCodingException e) {
            throw BadFile.whole("the zip's directory has a name at byte " + at + " in no UTF-8");
        }
    }

    boolean isNamed(MappedBytes file, long at, int length) {
        return Arrays.equals(file.copy(at, length), name.getBytes(StandardCharsets.UTF_8));
    }

    ProblemException bad(String message) {
        return BadFile.at("record " + BadFile.quoted(name), message);
    }

    /**
     * The sizes that are too large for their places, from the extra field that is made for them.
     */
    private static final class Zip64 {
        private final MappedBytes file;
        private final long fieldsEnd;
        private long next;
        private final long end;

        Zip64(MappedBytes file, long fields, long fieldsEnd) {
            this.file = file;
            this.fieldsEnd = fieldsEnd;
            long at = fields;
            while (at <= fieldsEnd - 4 && file.shortAt(at) != ZIP64_FIELD) {
                at += 4 + file.shortAt(at + 2);
            }
            boolean found = at <= fieldsEnd - 4;
            this.next = found ? at + 4 : fieldsEnd;
            this.end = found ? Math.min(next + file.shortAt(at + 2), fieldsEnd) : fieldsEnd;
        }

        long or(long small) {
            if (small != UNKNOWN) {
                return small;
            }
            if (next > end - 8 || file.longAt(next) < 0) {
                throw BadFile.whole(
                        "the zip's directory lacks a size before byte %d: it is damaged"
                                .formatted(fieldsEnd));
            }
            next += 8;
            return file.longAt(next - 8);
        }
    }
}
