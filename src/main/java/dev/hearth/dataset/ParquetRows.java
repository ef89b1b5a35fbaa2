package dev.hearth.dataset;

import dev.hardwood.InputFile;
import dev.hardwood.metadata.RepetitionType;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a Parquet file whose columns are plain values. */
final class ParquetRows implements Rows {

    /**
     * @param file on disk, since a Parquet file is read from its end
     */
    record Source(Path file) implements RowSource {
        @Override
        public Rows open(int maxCells) throws IOException {
            return new ParquetRows(file, maxCells);
        }
    }

    private final ParquetFileReader file;
    private final RowReader rows;
    private final List<String> columns;
    private final CellRow row;
    private long number;
    private boolean named;

    private ParquetRows(Path path, int maxCells) throws IOException {
        this.row = new CellRow(maxCells, "row");
        try {
            this.file = ParquetFileReader.open(InputFile.of(path));
        } catch (IOException | RuntimeException e) {
            throw unreadable(e);
        }
        try {
            this.columns = plainColumns(file);
            this.rows = file.rowReader();
        } catch (RuntimeException e) {
            file.close();
            throw e instanceof ProblemException ? e : unreadable(e);
        }
    }

    private static List<String> plainColumns(ParquetFileReader file) {
        var violations = new Violations();
        var columns = new ArrayList<String>();
        for (var column : file.getFileSchema().getColumns()) {
            var path = column.fieldPath().toString();
            if (column.maxRepetitionLevel() > 0
                    || column.maxDefinitionLevel() > 1
                    || column.repetitionType() == RepetitionType.REPEATED) {
                violations.add(
                        new Violation(
                                "column " + path,
                                "holds lists or structures; write a column for each value"));
            }
            columns.add(column.name());
        }
        violations.throwIfAny();
        return columns;
    }

    private static ProblemException unreadable(Exception cause) {
        return new ProblemException(
                ProblemCode.INVALID_DATASET,
                "the Parquet file cannot be read: " + cause.getMessage(),
                cause);
    }

    @Override
    public @Nullable CellRow next() throws UnreadableException {
        if (!named) {
            named = true;
            row.begin(1);
            columns.forEach(row::add);
            return columns.isEmpty() ? null : row;
        }
        try {
            if (!rows.hasNext()) {
                return null;
            }
            rows.next();
            row.begin(++number);
            for (int i = 0; i < columns.size(); i++) {
                row.add(text(rows.isNull(i) ? null : rows.getValue(i)));
            }
            return row;
        } catch (RuntimeException e) {
            throw new UnreadableException(
                    new Violation(
                            "row " + (number + 1), "the file cannot be read on: " + e.getMessage()),
                    e);
        }
    }

    /** A value as a CSV file has it. */
    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case BigDecimal decimal -> decimal.toPlainString();
            case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
            case Object other -> other.toString();
        };
    }

    @Override
    public void close() throws IOException {
        try (file) {
            rows.close();
        }
    }
}
