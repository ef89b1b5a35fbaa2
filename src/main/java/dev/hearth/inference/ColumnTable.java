package dev.hearth.inference;

import dev.hearth.model.ModelVersion;
import dev.hearth.serving.Rows;
import dev.hearth.serving.TableRows;
import dev.hearth.serving.TableRows.Column;
import dev.hearth.serving.TableRows.Kind;
import dev.hearth.spec.Encoding;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table whose columns are not all numbers: a tensor {@code [rows, 1]} for each column, by its
 * name, as data frames are sent.
 */
record ColumnTable(ModelVersion version, Encoding encoding, List<Column> columns)
        implements ModelInput {

    /** FP64 is what the metadata says; data frames hold whole numbers as such. */
    private static final Set<Datatype> NUMBERS =
            Stream.of(Datatype.values())
                    .filter(Datatype::isNumber)
                    .collect(Collectors.toCollection(() -> EnumSet.noneOf(Datatype.class)));

    /** Categories may be whole numbers: what counts is how they are written. */
    private static final Set<Datatype> WORDS =
            Stream.of(Datatype.values())
                    .filter(each -> each == Datatype.BYTES || each.isInteger())
                    .collect(Collectors.toCollection(() -> EnumSet.noneOf(Datatype.class)));

    ColumnTable {
        columns = List.copyOf(columns);
    }

    @Override
    public List<Input> inputs() {
        return columns.stream()
                .map(column ->
                        switch (column.kind()) {
                            case NUMBER -> input(column, Datatype.FP64, NUMBERS);
                            case FLAG -> input(column, Datatype.BOOL, EnumSet.of(Datatype.BOOL));
                            case CATEGORY -> input(column, Datatype.BYTES, WORDS);
                        })
                .toList();
    }

    private static Input input(Column column, Datatype datatype, Set<Datatype> accepted) {
        return new Input(
                TensorMetadata.of(column.name(), datatype, TensorMetadata.FREE, 1L), accepted);
    }

    @Override
    @SuppressWarnings("NullAway") // all are there
    public Rows rows(Map<String, Tensor> tensors, int rows) {
        var table = new TableRows(version, encoding, rows);
        for (int column = 0; column < columns.size(); column++) {
            fill(
                    table,
                    column,
                    columns.get(column).kind(),
                    tensors.get(columns.get(column).name()));
        }
        return table.rows();
    }

    private static void fill(TableRows table, int column, Kind kind, Tensor tensor) {
        if (tensor.datatype() == Datatype.BYTES) {
            int row = 0;
            for (String word : tensor.texts()) {
                table.word(row++, column, word);
            }
            return;
        }
        int rows = tensor.count();
        for (int row = 0; row < rows; row++) {
            switch (kind) {
                case NUMBER -> table.number(row, column, tensor.number(row));
                case FLAG -> table.flag(row, column, tensor.number(row) != 0);
                case CATEGORY -> table.word(row, column, tensor.digits(row));
            }
        }
    }
}
