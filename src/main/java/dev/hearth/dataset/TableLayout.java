package dev.hearth.dataset;

import dev.hearth.tensorfile.ElementType;
import dev.hearth.tensorfile.SafetensorsHeader;
import dev.hearth.tensorfile.SafetensorsHeader.Tensor;
import dev.hearth.tensorfile.SafetensorsReader;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Where each tensor of a table lies in its safetensors file. Wide elements come first, so every
 * tensor is aligned.
 *
 * <p>Tensors are named by the column's index, {@code column.0}, because a column may be called
 * anything; the names are in the header's {@code __metadata__}. A text column is {@code
 * column.0.offsets}, I64 [rows + 1], and {@code column.0.bytes}, U8. A column with missing cells
 * has {@code column.0.missing}, BOOL [rows].
 */
final class TableLayout {

    private final SafetensorsHeader header;

    private TableLayout(SafetensorsHeader header) {
        this.header = header;
    }

    static TableLayout of(Schema schema) {
        var wanted = new LinkedHashMap<String, Tensor>();
        for (var i = 0; i < schema.columns().size(); i++) {
            var column = schema.columns().get(i);
            addTensors(
                    wanted, name(i), column, schema.rows(), schema.profiles().get(i).utf8Bytes());
        }
        var sorted = new LinkedHashMap<String, Tensor>();
        // A stable sort: columns stay in order among their kind.
        wanted.entrySet().stream()
                .sorted(Comparator.comparingInt(each -> -each.getValue().type().size))
                .forEach(each -> sorted.put(each.getKey(), each.getValue()));
        return new TableLayout(SafetensorsHeader.of(sorted, names(schema.columns())));
    }

    /** Of the whole file. */
    long sizeBytes() {
        return header.tensors().values().stream()
                .mapToLong(SafetensorsReader.Entry::end)
                .max()
                .orElse(header.bytes().length);
    }

    private static void addTensors(
            Map<String, Tensor> wanted, String name, Column column, long rows, long utf8Bytes) {
        switch (column.type()) {
            case NUMERIC -> wanted.put(name, tensor(ElementType.FLOAT64, rows));
            case INTEGER -> wanted.put(name, tensor(ElementType.INT64, rows));
            case BOOLEAN -> wanted.put(name, tensor(ElementType.BOOL, rows));
            case CATEGORICAL -> wanted.put(name, tensor(ElementType.INT32, rows));
            case TEXT -> {
                wanted.put(offsets(name), tensor(ElementType.INT64, rows + 1));
                wanted.put(bytes(name), tensor(ElementType.UINT8, utf8Bytes));
            }
            // Their values have files of their own.
            case IMAGE, TENSOR -> {}
        }
        if (column.missing() > 0) {
            wanted.put(missing(name), tensor(ElementType.BOOL, rows));
        }
    }

    private static Tensor tensor(ElementType type, long length) {
        return new Tensor(type, List.of(length));
    }

    private static SequencedMap<String, String> names(List<Column> columns) {
        var names = new LinkedHashMap<String, String>();
        for (var i = 0; i < columns.size(); i++) {
            names.put(name(i), columns.get(i).name());
        }
        return names;
    }

    /** All that stands before the first tensor. */
    byte[] header() {
        return header.bytes();
    }

    boolean has(String name) {
        return header.tensors().containsKey(name);
    }

    SafetensorsReader.Entry tensor(String name) {
        var tensor = header.tensors().get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("the table has no tensor " + name);
        }
        return tensor;
    }

    int size() {
        return header.tensors().size();
    }

    /** The name of the tensor with a column's values. */
    static String name(int column) {
        return "column." + column;
    }

    static String offsets(String column) {
        return column + ".offsets";
    }

    static String bytes(String column) {
        return column + ".bytes";
    }

    static String missing(String column) {
        return column + ".missing";
    }
}
