package dev.hearth.serving;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;

/** Reads CSV with a header: columns in any order, the target's own column ignored. */
final class CsvRows {

    private CsvRows() {}

    static Rows read(byte[] body, RowReader reader, int mostRows) {
        try (CsvReader<CsvRecord> csv =
                CsvReader.builder()
                        .skipEmptyLines(true)
                        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .ofCsvRecord(decode(body))) {
            return read(csv.iterator(), reader, mostRows);
        } catch (CsvParseException e) {
            throw new ProblemException(
                    ProblemCode.INVALID_INPUT, "the CSV cannot be read: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Rows read(Iterator<CsvRecord> records, RowReader reader, int mostRows) {
        if (!records.hasNext()) {
            throw ProblemException.at(
                    ProblemCode.INVALID_INPUT,
                    "line 1",
                    "expected a header naming " + reader.columns());
        }
        CsvRecord header = records.next();
        int[] positions = positions(header.getFields(), reader);
        double[] raw = new double[Math.multiplyExact(16, reader.width())];
        int rows = 0;
        while (records.hasNext()) {
            CsvRecord row = records.next();
            Limits.requireBatch(rows + 1, mostRows, "line " + row.getStartingLineNumber());
            if (raw.length < (rows + 1) * reader.width()) {
                raw = Arrays.copyOf(raw, raw.length * 2);
            }
            readRow(row, header, positions, reader, raw, rows * reader.width());
            rows++;
        }
        Limits.requireBatch(rows, mostRows, "line 2");
        reader.requireNoViolations();
        return new Rows.OfTable(Arrays.copyOf(raw, rows * reader.width()), rows);
    }

    private static void readRow(
            CsvRecord row,
            CsvRecord header,
            int[] positions,
            RowReader reader,
            double[] raw,
            int first) {
        String line = "line " + row.getStartingLineNumber();
        if (row.getFieldCount() != positions.length) {
            reader.refuse(
                    line,
                    "expected %d cells as in the header, got %d"
                            .formatted(positions.length, row.getFieldCount()));
            return;
        }
        for (int i = 0; i < positions.length; i++) {
            if (positions[i] >= 0) {
                String cell = row.getField(i);
                String pointer = line + ", column " + header.getField(i);
                raw[first + positions[i]] =
                        cell.isBlank()
                                ? reader.missing(positions[i], pointer, "an empty cell")
                                : reader.word(positions[i], cell, pointer, true);
            }
        }
    }

    /** For each cell of a row its place in the model's row, or −1 where it is ignored. */
    private static int[] positions(List<String> header, RowReader reader) {
        var positions = new int[header.size()];
        var seen = new HashSet<String>();
        for (int i = 0; i < positions.length; i++) {
            String column = header.get(i);
            Integer position = reader.position(column);
            positions[i] = position == null ? -1 : position;
            if (!seen.add(column)) {
                reader.refuse("line 1", "duplicate column " + RowReader.quote(column));
            } else if (position == null && !reader.isTarget(column)) {
                reader.refuse(
                        "line 1",
                        "unknown column %s; the model takes %s"
                                .formatted(RowReader.quote(column), reader.columns()));
            }
        }
        var missing = new ArrayList<>(reader.columns());
        missing.removeAll(seen);
        missing.forEach(
                column -> reader.refuse("line 1", "missing column " + RowReader.quote(column)));
        reader.requireNoViolations();
        return positions;
    }

    private static String decode(byte[] body) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new ProblemException(
                    ProblemCode.INVALID_INPUT, "the CSV is not valid UTF-8; save it as UTF-8", e);
        }
    }
}
