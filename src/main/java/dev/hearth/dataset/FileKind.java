package dev.hearth.dataset;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** What a file is, by its first bytes. */
enum FileKind {
    /** Text: CSV, or JSON Lines. */
    TEXT("text"),
    ZIP("a zip archive", "PK\3\4"),
    EMPTY_ZIP("an empty zip archive", "PK\5\6"),
    GZIP("compressed by gzip", "\u001f\u008b"),
    IDX("an IDX file", "\0\0"),
    NPY("a NumPy array", "\u0093NUMPY"),
    SAFETENSORS("a safetensors file"),
    PARQUET("a Parquet file", "PAR1"),
    PNG("a PNG image", "\u0089PNG"),
    JPEG("a JPEG image", "\u00ff\u00d8\u00ff"),
    GIF("a GIF image", "GIF87a", "GIF89a"),
    BMP("a BMP image"),
    WEBP("a WebP image"),
    TIFF("a TIFF image", "II*\0", "MM\0*"),
    SVG("an SVG image"),
    PDF("a PDF document", "%PDF"),
    TAR("a tar archive"),
    /** Of a form that is not read. */
    OTHER_ARCHIVE(
            "an archive of another form",
            "7z\u00bc\u00af'\u001c",
            "Rar!\u001a\7",
            "\u00fd7zXZ\0",
            "BZh91AY&SY",
            "(\u00b5/\u00fd"),
    OLD_SPREADSHEET("an old spreadsheet", "\u00d0\u00cf\u0011\u00e0");

    /** A tar archive says so after its first file's name and dates. */
    private static final int TAR_MAGIC_AT = 257;

    private static final int SHOWN_BYTES = 1024;
    private static final int SAFETENSORS_HEADER_AT = 8;

    private final String words;

    @SuppressWarnings("ImmutableEnumChecker") // as List.of makes it
    private final List<String> magics;

    /**
     * @param magics any of which a file of this kind begins with, a character for each byte; none
     *     where it takes more to tell
     */
    FileKind(String words, String... magics) {
        this.words = words;
        this.magics = List.of(magics);
    }

    /** With its article, such as {@code a zip archive}. */
    String words() {
        return words;
    }

    /**
     * @param name only tells a safetensors file whose header begins with anything but a brace
     */
    static FileKind of(String name, FileContent content) throws IOException {
        String start;
        try (var in = content.open()) {
            start = new String(in.readNBytes(SHOWN_BYTES), StandardCharsets.ISO_8859_1);
        }
        if (name.toLowerCase(Locale.ROOT).endsWith(".safetensors")
                || start.startsWith("\0{", SAFETENSORS_HEADER_AT - 1)) {
            return SAFETENSORS;
        }
        for (var kind : values()) {
            if (kind.magics.stream().anyMatch(start::startsWith)) {
                return kind;
            }
        }
        if (start.startsWith("ustar", TAR_MAGIC_AT)) {
            return TAR;
        }
        if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) {
            return WEBP;
        }
        // Four bytes that are always 0, and no text has: a header may well begin with BMI.
        if (start.startsWith("BM") && start.startsWith("\0\0\0\0", 6)) {
            return BMP;
        }
        return isSvg(start) ? SVG : TEXT;
    }

    /** The element itself first, or after a declaration and remarks. */
    private static boolean isSvg(String start) {
        var text = start.startsWith("\u00ef\u00bb\u00bf") ? start.substring(3) : start;
        var markup = text.stripLeading().toLowerCase(Locale.ROOT);
        return markup.startsWith("<svg")
                || ((markup.startsWith("<?xml") || markup.startsWith("<!"))
                        && markup.contains("<svg"))
                || markup.startsWith("<!doctype svg");
    }
}
