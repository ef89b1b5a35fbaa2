package dev.hearth.serving;

import dev.hearth.model.ModelVersion;
import dev.hearth.spec.Encoding;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads the cells of a table as a model takes them, for those who go on where a row cannot be used:
 * it tells of each row on its own what is wrong with it.
 */
public final class CellReader {

    private final RowReader reader;
    private final List<String> columns;

    public CellReader(ModelVersion version, Encoding encoding) {
        this.reader = new RowReader(encoding, version.target());
        this.columns = reader.columns();
    }

    /** A number as the model takes it; NaN where it is refused. */
    public double number(int column, double value) {
        return reader.number(column, value, columns.get(column));
    }

    /** A word, of a column of categories; NaN where it is refused. */
    public double word(int column, String word) {
        return reader.word(column, word, columns.get(column), false);
    }

    /** True or false as the model takes it; NaN where it is refused. */
    public double flag(int column, boolean value) {
        return reader.bool(column, value, columns.get(column));
    }

    /** NaN, which the model fills or which is refused. */
    public double missing(int column) {
        return reader.missing(column, columns.get(column), "an empty cell");
    }

    /** What was refused since this was asked last, in words; empty where nothing was. */
    public Optional<String> refused() {
        return reader.isContent()
                ? Optional.empty()
                : Optional.of(
                        reader.taken().stream()
                                .map(each ->
                                        "%s: %s"
                                                .formatted(
                                                        RowReader.quote(each.pointer()),
                                                        each.message()))
                                .collect(Collectors.joining("; ")));
    }
}
