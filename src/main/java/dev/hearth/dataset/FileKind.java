package dev.hearth.dataset;

import java.io.IOException;
import java.util.HexFormat;
import java.util.Locale;

/** What a file is, by its first bytes. */
enum FileKind {
    /** Text: CSV, or JSON Lines. */
    TEXT("", "text"),
    ZIP("504b0304", "a zip archive"),
    EMPTY_ZIP("504b0506", "an empty zip archive"),
    GZIP("1f8b", "compressed by gzip"),
    IDX("0000", "an IDX file"),
    NPY("934e554d5059", "a NumPy array"),
    SAFETENSORS("", "a safetensors file"),
    PARQUET("50415231", "a Parquet file"),
    PNG("89504e47", "a PNG image"),
    JPEG("ffd8ff", "a JPEG image"),
    PDF("25504446", "a PDF document"),
    OLD_SPREADSHEET("d0cf11e0", "an old spreadsheet");

    private static final int LONGEST_MAGIC_BYTES = 9;

    private final String magic;
    private final String words;

    FileKind(String magic, String words) {
        this.magic = magic;
        this.words = words;
    }

    /** With its article, such as {@code a zip archive}. */
    String words() {
        return words;
    }

    /**
     * @param name only tells a safetensors file whose header begins with anything but a brace
     */
    static FileKind of(String name, FileContent content) throws IOException {
        byte[] start;
        try (var in = content.open()) {
            start = in.readNBytes(LONGEST_MAGIC_BYTES);
        }
        if (name.toLowerCase(Locale.ROOT).endsWith(".safetensors")
                || (start.length == LONGEST_MAGIC_BYTES
                        && start[LONGEST_MAGIC_BYTES - 1] == '{'
                        && start[LONGEST_MAGIC_BYTES - 2] == 0)) {
            return SAFETENSORS;
        }
        var hex = HexFormat.of().formatHex(start);
        for (var kind : values()) {
            if (!kind.magic.isEmpty() && hex.startsWith(kind.magic)) {
                return kind;
            }
        }
        return TEXT;
    }
}
