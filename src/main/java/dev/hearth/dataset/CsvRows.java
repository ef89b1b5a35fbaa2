package dev.hearth.dataset;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.hearth.problem.Violation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The rows of a CSV file, one at a time. Empty lines are no rows. */
final class CsvRows implements Rows {

    /** The longest cell, in characters, quotes included. */
    static final int MAX_CELL_CHARS = 1 << 20;

    private final CellRow row;
    private final CloseableIterator<CellRow> rows;

    /** Takes over {@code in}, and closes it in the end. */
    CsvRows(InputStream in, CsvDialect dialect, int maxCells) {
        this.row = new CellRow(maxCells, "line");
        this.rows =
                CsvReader.builder()
                        .fieldSeparator(dialect.delimiter())
                        .quoteCharacter(dialect.quote())
                        .maxBufferSize(MAX_CELL_CHARS)
                        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .allowUnclosedQuote(false)
                        .build(new CsvRow(row), new TextReader(in, dialect.encoding()))
                        .iterator();
    }

    @Override
    public @Nullable CellRow next() throws IOException, UnreadableException {
        try {
            return rows.hasNext() ? rows.next() : null;
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof TextReader.BadTextException bad) {
                throw unreadable(bad.line(), bad.explanation(), e);
            }
            throw e.getCause();
        } catch (CsvParseException e) {
            throw unreadable(row.number(), explain(e), e);
        }
    }

    private static UnreadableException unreadable(long line, String message, Exception cause) {
        return new UnreadableException(new Violation("line " + line, message), cause);
    }

    private static String explain(CsvParseException e) {
        var message = String.valueOf(e.getMessage());
        if (message.startsWith("Unclosed quoted field")) {
            return "a quote opens in this row and is never closed; close it, or write a quote"
                    + " inside a quoted cell twice";
        }
        if (message.startsWith("Unexpected character after closing quote")) {
            return "text follows a closing quote; write a quote inside a quoted cell twice";
        }
        if (message.startsWith("The maximum buffer size")) {
            return "a cell is longer than 1,048,576 characters; shorten it, or look for a quote"
                    + " that opens in this row and is never closed";
        }
        if (e.getCause() instanceof IllegalStateException tooLong) {
            return tooLong.getMessage() + "; shorten its cells";
        }
        return "cannot be read: " + message;
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
