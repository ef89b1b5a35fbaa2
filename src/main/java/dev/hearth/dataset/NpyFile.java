package dev.hearth.dataset;

import dev.hearth.tensorfile.BadFile;
import dev.hearth.tensorfile.ElementType;
import dev.hearth.tensorfile.MappedBytes;
import dev.hearth.tensorfile.SafetensorsReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the header of a NumPy array file.
 *
 * <p>Source: {@code numpy/lib/format.py}, versions 1.0 to 3.0. Only what NumPy itself writes is
 * read: a dictionary of {@code descr}, {@code fortran_order} and {@code shape}, in this order.
 *
 * @param isBigEndian whether each element's first byte is its highest
 * @param isFortran whether the first index runs fastest
 * @param position of the first element in the file
 */
record NpyFile(
        ElementType type, boolean isBigEndian, boolean isFortran, List<Long> shape, long position) {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MOST_HEADER_BYTES = 1 << 16;
    private static final String PLACE = "header";

    private static final Pattern HEADER =
            Pattern.compile(
                    "\\s*\\{\\s*'descr'\\s*:\\s*'(?<descr>[^']{1,20})'\\s*,"
                            + "\\s*'fortran_order'\\s*:\\s*(?<fortran>True|False)\\s*,"
                            + "\\s*'shape'\\s*:\\s*\\((?<shape>[0-9, ]*)\\)\\s*,?\\s*\\}\\s*");

    NpyFile {
        shape = List.copyOf(shape);
    }

    /**
     * @throws dev.hearth.problem.ProblemException where the file is not as the format wants it
     */
    static NpyFile read(MappedBytes file) {
        if (!file.startsWith(0, MAGIC) || file.size() < 10) {
            throw BadFile.whole("the file is no NumPy array, or is cut off");
        }
        int version = file.byteAt(6);
        if (version < 1 || version > 3) {
            throw BadFile.at(PLACE, "version %d of the format is not read".formatted(version));
        }
        int lengthBytes = version == 1 ? 2 : 4;
        long start = 8L + lengthBytes;
        if (file.size() < start) {
            throw BadFile.at(PLACE, "the file ends in it");
        }
        long length = version == 1 ? file.shortAt(8) : file.unsignedIntAt(8);
        if (length > MOST_HEADER_BYTES || length > file.size() - start) {
            throw BadFile.at(
                    PLACE,
                    "its length is %d bytes; at most %d are read, and %d follow"
                            .formatted(length, MOST_HEADER_BYTES, file.size() - start));
        }
        var text = new String(file.copy(start, (int) length), StandardCharsets.UTF_8);
        Matcher header = HEADER.matcher(text);
        if (!header.matches()) {
            throw BadFile.at(
                    PLACE,
                    "expected descr, fortran_order and shape as numpy.save writes them, of a plain"
                            + " type of numbers");
        }
        return of(header, file, start + length);
    }

    private static NpyFile of(Matcher header, MappedBytes file, long position) {
        var descr = header.group("descr");
        ElementType type =
                type(descr.substring(1))
                        .orElseThrow(() ->
                                BadFile.at(
                                        PLACE,
                                        "the type %s is not read; convert with astype to one of bool, uint8, int8, int16, int32, int64, float16, float32, float64"
                                                .formatted(BadFile.quoted(descr))));
        boolean isBig = descr.charAt(0) == '>';
        if ("<>|=".indexOf(descr.charAt(0)) < 0) {
            throw BadFile.at(PLACE, "the type %s is not read".formatted(BadFile.quoted(descr)));
        }
        List<Long> shape = shape(header.group("shape"));
        OptionalLong elements = SafetensorsReader.elements(shape);
        long available = file.size() - position;
        boolean fits =
                elements.isPresent()
                        && elements.getAsLong() <= available / type.size
                        && elements.getAsLong() * type.size == available;
        if (!fits) {
            throw BadFile.whole(
                    "%s of shape %s does not take the %d bytes that follow the header"
                            .formatted(type.dtype, shape, available));
        }
        return new NpyFile(type, isBig, header.group("fortran").equals("True"), shape, position);
    }

    private static Optional<ElementType> type(String name) {
        return switch (name) {
            case "b1" -> Optional.of(ElementType.BOOL);
            case "u1" -> Optional.of(ElementType.UINT8);
            case "i1" -> Optional.of(ElementType.INT8);
            case "i2" -> Optional.of(ElementType.INT16);
            case "i4" -> Optional.of(ElementType.INT32);
            case "i8" -> Optional.of(ElementType.INT64);
            case "f2" -> Optional.of(ElementType.FLOAT16);
            case "f4" -> Optional.of(ElementType.FLOAT32);
            case "f8" -> Optional.of(ElementType.FLOAT64);
            default -> Optional.empty();
        };
    }

    private static List<Long> shape(String text) {
        var shape = new ArrayList<Long>();
        for (var extent : text.split(",", -1)) {
            if (extent.isBlank()) {
                continue;
            }
            if (extent.strip().length() > 18) {
                throw BadFile.at(PLACE, "an extent of the shape is too large");
            }
            shape.add(Long.valueOf(extent.strip().replace(" ", "")));
        }
        return shape;
    }
}
