package dev.hearth.dataset.image;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A format of pictures, known by its first bytes. */
enum ImageFormat {
    PNG,
    JPEG,
    GIF,
    BMP,
    WEBP;

    /** What can be read, in words for those who sent something else. */
    static final String ALL = "PNG, JPEG, GIF, BMP or WebP";

    private static final int SHOWN_BYTES = 64;

    static ImageFormat of(byte[] file) throws UndecodableException {
        if (file.length == 0) {
            throw new UndecodableException("is empty, it has no bytes; remove it, or send it anew");
        }
        String start =
                new String(
                        file, 0, Math.min(SHOWN_BYTES, file.length), StandardCharsets.ISO_8859_1);
        if (start.startsWith("\u0089PNG\r\n\u001a\n")) {
            return PNG;
        }
        if (start.startsWith("\u00ff\u00d8\u00ff")) {
            return JPEG;
        }
        if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) {
            return GIF;
        }
        if (start.startsWith("BM")) {
            return BMP;
        }
        if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) {
            return WEBP;
        }
        throw new UndecodableException(
                "is not a picture whatever its name says: %s; expected %s"
                        .formatted(what(start), ALL));
    }

    private static String what(String start) {
        String text = start.strip().toLowerCase(Locale.ROOT);
        if (text.startsWith("<svg") || text.startsWith("<?xml")) {
            return "its bytes are SVG or XML";
        }
        if (text.startsWith("<")) {
            return "its bytes are HTML";
        }
        if (start.startsWith("PK\3\4")) {
            return "its bytes are a zip archive";
        }
        if (start.startsWith("II*\0") || start.startsWith("MM\0*")) {
            return "its bytes are TIFF";
        }
        if (start.startsWith("ftyp", 4)) {
            return "its bytes are HEIC, AVIF or a film";
        }
        return "its first bytes are those of no format known here";
    }
}
