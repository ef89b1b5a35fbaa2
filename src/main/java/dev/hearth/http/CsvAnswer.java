package dev.hearth.http;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Writes CSV (RFC 4180) for an answer. A text that a spreadsheet would take for a formula gets an
 * apostrophe in front, as OWASP recommends against CSV injection; numbers stay as they are.
 */
public final class CsvAnswer {

    private static final String FORMULA_STARTS = "=+-@\t\r";
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?|-?Infinity");

    private CsvAnswer() {}

    /**
     * @param rows each with a cell for each of {@code header}
     */
    public static String write(List<String> header, List<List<String>> rows) {
        var text = new StringWriter();
        try {
            append(text, List.of(header));
            append(text, rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Writes records after those before: for what is too long to be held whole. */
    public static void append(Writer out, List<List<String>> records) throws IOException {
        var text = new StringWriter();
        // Closing it would close what it writes to.
        try (var csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
            records.forEach(record -> csv.writeRecord(neutral(record)));
        }
        out.write(text.toString());
    }

    private static List<String> neutral(List<String> cells) {
        return cells.stream().map(CsvAnswer::neutral).toList();
    }

    private static String neutral(String cell) {
        boolean isFormula =
                !cell.isEmpty()
                        && FORMULA_STARTS.indexOf(cell.charAt(0)) >= 0
                        && !NUMBER.matcher(cell).matches();
        return isFormula ? "'" + cell : cell;
    }
}
