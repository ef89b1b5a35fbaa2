package dev.hearth.batch;

import dev.hearth.dataset.Column;
import dev.hearth.dataset.Dataset;
import dev.hearth.dataset.Table;
import dev.hearth.dataset.Values;
import dev.hearth.model.ModelVersion;
import dev.hearth.serving.CellReader;
import dev.hearth.serving.Rows;
import dev.hearth.serving.TableRows;
import dev.hearth.spec.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The rows of a table, for a model that takes columns. */
final class TableInput implements RowInput {

    /** Of the raw values of a chunk, so that very wide tables take no more memory. */
    private static final int MOST_VALUES = 1 << 20;

    /** Reads the cell of one column. */
    private interface Cells {

        /** The raw value; NaN where it is missing, or was refused. */
        double at(long row);
    }

    private final Table table;
    private final CellReader reader;
    private final List<Cells> columns;

    private TableInput(Table table, CellReader reader, List<Cells> columns) {
        this.table = table;
        this.reader = reader;
        this.columns = List.copyOf(columns);
    }

    /**
     * @param table of the data set; closed with this
     */
    static TableInput open(ModelVersion version, Encoding encoding, Dataset dataset, Table table) {
        try {
            var reader = new CellReader(version, encoding);
            var columns = new ArrayList<Cells>();
            for (TableRows.Column wanted : TableRows.columns(encoding)) {
                Column found = dataset.column(wanted.name()).orElseThrow();
                var place = new Place(reader, columns.size(), table, found);
                columns.add(
                        found.missing() == dataset.rows()
                                ? _ -> place.missing()
                                : switch (wanted.kind()) {
                                    case NUMBER -> place.numbers();
                                    case FLAG -> place.flags();
                                    case CATEGORY -> place.categories();
                                });
            }
            return new TableInput(table, reader, columns);
        } catch (RuntimeException e) {
            table.close();
            throw e;
        }
    }

    /**
     * A column of the data set, and which one of the model's it is.
     *
     * @param number of the model's column, from 0
     */
    private record Place(CellReader reader, int number, Table table, Column column) {

        double missing() {
            return reader.missing(number);
        }

        Cells numbers() {
            Values values = table.values(column.name());
            return row -> values.missingAt(row) ? missing() : reader.number(number, values.at(row));
        }

        Cells flags() {
            Values values = table.values(column.name());
            return row ->
                    values.missingAt(row) ? missing() : reader.flag(number, values.at(row) != 0);
        }

        Cells categories() {
            return switch (column.type()) {
                case CATEGORICAL -> knownCategories();
                case INTEGER, BOOLEAN, TEXT -> words();
                // 2.0 may be the category 2, as in JSON.
                case NUMERIC -> numbers();
                case IMAGE, TENSOR ->
                        throw new IllegalStateException(column.name() + " is no column of cells");
            };
        }

        private Cells words() {
            return row ->
                    table.text(column.name(), row)
                            .map(word -> reader.word(number, word))
                            .orElseGet(this::missing);
        }

        /** Each of the data set's categories is looked up once, and not in each row. */
        private Cells knownCategories() {
            List<String> categories = column.categories();
            double[] raw =
                    categories.stream().mapToDouble(word -> reader.word(number, word)).toArray();
            // Which ones the model does not know is told of the rows that have them.
            reader.refused();
            Values values = table.values(column.name());
            return row -> {
                if (values.missingAt(row)) {
                    return missing();
                }
                int category = (int) values.at(row);
                return Double.isNaN(raw[category])
                        ? reader.word(number, categories.get(category))
                        : raw[category];
            };
        }
    }

    @Override
    public Chunk read(long first, long end) {
        int width = columns.size();
        int rows = (int) Math.min(Math.clamp(MOST_VALUES / width, 1, MOST_ROWS), end - first);
        var raw = new double[rows * width];
        var refusals = new ArrayList<Optional<String>>(rows);
        int usable = 0;
        for (int i = 0; i < rows; i++) {
            for (int column = 0; column < width; column++) {
                raw[usable * width + column] = columns.get(column).at(first + i);
            }
            Optional<String> refused = reader.refused();
            refusals.add(refused);
            usable += refused.isEmpty() ? 1 : 0;
        }
        return new Chunk(
                new Rows.OfTable(usable == rows ? raw : Arrays.copyOf(raw, usable * width), usable),
                refusals);
    }

    @Override
    public void close() {
        table.close();
    }
}
