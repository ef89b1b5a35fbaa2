package dev.hearth.dataset;

import dev.hearth.http.CsvAnswer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of a data set, as JSON or CSV has them. */
record Preview(Dataset dataset, Table table) {

    /** By column name, in the order of the columns; null where a cell is empty. */
    List<Map<String, @Nullable Object>> json(long first, long end) {
        var rows = new ArrayList<Map<String, @Nullable Object>>();
        for (var row = first; row < end; row++) {
            var cells = new LinkedHashMap<String, @Nullable Object>();
            for (var column : dataset.columns()) {
                cells.put(column.name(), value(column, row));
            }
            rows.add(cells);
        }
        return rows;
    }

    String csv(long first, long end) {
        var rows = new ArrayList<List<String>>();
        for (var row = first; row < end; row++) {
            var cells = new ArrayList<String>();
            for (var column : dataset.columns()) {
                cells.add(text(column, row).orElse(""));
            }
            rows.add(cells);
        }
        return CsvAnswer.write(dataset.columns().stream().map(Column::name).toList(), rows);
    }

    /** A cell as text; of a picture, where it is. */
    private Optional<String> text(Column column, long row) {
        return column.type() == ColumnType.IMAGE
                ? Optional.of(PictureController.link(dataset.id(), row, column.name()))
                : table.text(column.name(), row);
    }

    private @Nullable Object value(Column column, long row) {
        var text = text(column, row);
        if (text.isEmpty()) {
            return null;
        }
        return switch (column.type()) {
            case NUMERIC -> Double.valueOf(text.get());
            case INTEGER -> Long.valueOf(text.get());
            case BOOLEAN -> Boolean.valueOf(text.get());
            case CATEGORICAL, TEXT, IMAGE, TENSOR -> text.get();
        };
    }
}
