package dev.hearth.dataset;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * How a CSV file is written.
 *
 * @param delimiter what separates cells
 * @param quote what encloses a cell that contains the delimiter
 * @param encoding of its text; a byte order mark tells UTF-16 all the same
 */
record CsvDialect(char delimiter, char quote, Charset encoding) {

    static final char QUOTE = '"';

    static CsvDialect of(char delimiter) {
        return new CsvDialect(delimiter, QUOTE, StandardCharsets.UTF_8);
    }
}
