package dev.hearth.dataset.image;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The chunks of a PNG file. The JDK's reader does not look at their checksums, and would take a
 * damaged file for another picture.
 *
 * <p>Source: the PNG specification, third edition, section 5.
 *
 * @param isGrey whether it has grey values, with or without alpha
 * @param bits of a value
 */
record PngFile(int width, int height, boolean isGrey, int bits) {

    private static final int SIGNATURE_BYTES = 8;
    private static final int HEADER_BYTES = 13;
    private static final int AROUND_BYTES = 12; // length, type, checksum

    static PngFile of(byte[] file) throws UndecodableException {
        if (file.length < SIGNATURE_BYTES + AROUND_BYTES + HEADER_BYTES
                || !type(file, SIGNATURE_BYTES).equals("IHDR")
                || Bytes.intAt(file, SIGNATURE_BYTES) != HEADER_BYTES) {
            throw new UndecodableException("is a PNG without a header: it is damaged");
        }
        int header = SIGNATURE_BYTES + 8;
        int colours = file[header + 9];
        return new PngFile(
                Bytes.intAt(file, header),
                Bytes.intAt(file, header + 4),
                colours == 0 || colours == 4,
                file[header + 8]);
    }

    /** Refuses a file that is cut off, or whose critical chunks are damaged. */
    static void check(byte[] file) throws UndecodableException {
        int at = SIGNATURE_BYTES;
        var checksum = new CRC32();
        while (true) {
            if (file.length - at < AROUND_BYTES) {
                throw new UndecodableException(
                        "is a PNG that ends too early: it is truncated; send it anew");
            }
            int length = Bytes.intAt(file, at);
            if (length < 0 || length > file.length - at - AROUND_BYTES) {
                throw new UndecodableException(
                        "is a PNG that ends within its chunk %s: it is truncated; send it anew"
                                .formatted(type(file, at)));
            }
            boolean isCritical = Character.isUpperCase(file[at + 4]);
            if (isCritical) {
                checksum.reset();
                checksum.update(file, at + 4, length + 4);
                if ((int) checksum.getValue() != Bytes.intAt(file, at + 8 + length)) {
                    throw new UndecodableException(
                            "is a PNG whose chunk %s does not have its checksum: it is damaged; send it anew"
                                    .formatted(type(file, at)));
                }
            }
            if (type(file, at).equals("IEND")) {
                return;
            }
            at += AROUND_BYTES + length;
        }
    }

    private static String type(byte[] file, int at) {
        return new String(file, at + 4, 4, StandardCharsets.ISO_8859_1)
                .replaceAll("[^A-Za-z]", "?");
    }
}
