package dev.hearth.serving;

import dev.hearth.model.ModelVersion;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.Encoding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table on their way to a model, filled cell by cell by whoever has them in another form
 * than JSON or CSV. All that is wrong with cells is told at once, at the end.
 */
public final class TableRows {

    /** What the cells of a column are. */
    public enum Kind {
        NUMBER,
        /** True or false. */
        FLAG,
        /** One of the words that training knew. */
        CATEGORY
    }

    /** An input column. */
    public record Column(String name, Kind kind) {}

    private final ModelVersion version;
    private final Encoding encoding;

    /** Tells without a place, which costs time to put together, whether a cell can be taken. */
    private final RowReader probe;

    /** Tells what is wrong with those that cannot; null as long as there is none. */
    private @Nullable RowReader reader;

    private final double[] raw;
    private final int width;
    private final int rows;

    /** Room for as many rows of what the model takes. */
    public TableRows(ModelVersion version, Encoding encoding, int rows) {
        this.version = version;
        this.encoding = encoding;
        this.probe = new RowReader(encoding, version.target());
        this.width = probe.width();
        this.rows = rows;
        this.raw = new double[Math.multiplyExact(rows, width)];
    }

    /** The columns that a model takes, in its order. */
    public static List<Column> columns(Encoding encoding) {
        return encoding.features().stream()
                .map(feature -> new Column(feature.column(), kind(feature)))
                .toList();
    }

    private static Kind kind(Encoding.Feature feature) {
        return switch (feature) {
            case Encoding.Standardized _, Encoding.Numeric _, Encoding.Scaled _ -> Kind.NUMBER;
            case Encoding.Flag _ -> Kind.FLAG;
            case Encoding.OneHot _, Encoding.Ordinal _ -> Kind.CATEGORY;
        };
    }

    /** A cell of a column of numbers. */
    public void number(int row, int column, double value) {
        double cell = probe.number(column, value, "");
        raw[row * width + column] =
                Double.isNaN(cell) ? reader().number(column, value, place(row, column)) : cell;
    }

    /** A cell of a column of categories. */
    public void word(int row, int column, String word) {
        double cell = probe.word(column, word, "", false);
        raw[row * width + column] =
                Double.isNaN(cell) ? reader().word(column, word, place(row, column), false) : cell;
    }

    /** A cell of a column of flags. */
    public void flag(int row, int column, boolean value) {
        raw[row * width + column] = probe.bool(column, value, "");
    }

    private RowReader reader() {
        if (reader == null) {
            reader = new RowReader(encoding, version.target());
        }
        return reader;
    }

    private String place(int row, int column) {
        return "row %d, column %s"
                .formatted(row, RowReader.quote(encoding.features().get(column).column()));
    }

    /**
     * The rows, complete.
     *
     * @throws ProblemException INVALID_INPUT with all cells that cannot be used
     */
    public Rows rows() {
        if (reader != null) {
            reader.requireNoViolations();
        }
        return new Rows.OfTable(raw, rows);
    }
}
