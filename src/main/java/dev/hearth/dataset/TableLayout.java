package dev.hearth.dataset;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where each tensor of a table lies in its safetensors file: eight bytes of header length, the JSON
 * header, the tensors without holes. Wide elements come first, so every tensor is aligned.
 *
 * <p>Tensors are named by the column's index, {@code column.0}, because a column may be called
 * anything; the names are in the header's {@code __metadata__}. A text column is {@code
 * column.0.offsets}, I64 [rows + 1], and {@code column.0.bytes}, U8. A column with missing cells
 * has {@code column.0.missing}, BOOL [rows].
 */
final class TableLayout {

    /** An element type of safetensors. */
    enum Dtype {
        F64(8),
        I64(8),
        I32(4),
        BOOL(1),
        U8(1);

        private final int bytes;

        Dtype(int bytes) {
            this.bytes = bytes;
        }

        int bytes() {
            return bytes;
        }
    }

    /**
     * @param begin the first byte's place in the file
     */
    record Tensor(String name, Dtype dtype, long length, long begin) {
        long end() {
            return Math.addExact(begin, Math.multiplyExact(length, (long) dtype.bytes()));
        }
    }

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final byte[] header;
    private final Map<String, Tensor> tensors;

    private TableLayout(byte[] header, Map<String, Tensor> tensors) {
        this.header = header;
        this.tensors = tensors;
    }

    static TableLayout of(Schema schema) {
        var wanted = new ArrayList<Tensor>();
        for (var i = 0; i < schema.columns().size(); i++) {
            var column = schema.columns().get(i);
            addTensors(
                    wanted, name(i), column, schema.rows(), schema.profiles().get(i).utf8Bytes());
        }
        // A stable sort: columns stay in order among their kind.
        wanted.sort(Comparator.comparingInt((Tensor tensor) -> -tensor.dtype().bytes()));
        var described = new LinkedHashMap<String, Object>();
        described.put("__metadata__", names(schema.columns()));
        var placed = new ArrayList<Tensor>();
        long begin = 0;
        for (var tensor : wanted) {
            var here = new Tensor(tensor.name(), tensor.dtype(), tensor.length(), begin);
            placed.add(here);
            described.put(here.name(), description(here));
            begin = here.end();
        }
        var header = padded(JSON.writeValueAsBytes(described));
        var tensors = new LinkedHashMap<String, Tensor>();
        for (var tensor : placed) {
            var start = Math.addExact(tensor.begin(), (long) Long.BYTES + header.length);
            tensors.put(
                    tensor.name(),
                    new Tensor(tensor.name(), tensor.dtype(), tensor.length(), start));
        }
        return new TableLayout(header, tensors);
    }

    /** Of the whole file. */
    long sizeBytes() {
        return tensors.values().stream()
                .mapToLong(Tensor::end)
                .max()
                .orElse((long) Long.BYTES + header.length);
    }

    private static void addTensors(
            List<Tensor> wanted, String name, Column column, long rows, long utf8Bytes) {
        switch (column.type()) {
            case NUMERIC -> wanted.add(new Tensor(name, Dtype.F64, rows, 0));
            case INTEGER -> wanted.add(new Tensor(name, Dtype.I64, rows, 0));
            case BOOLEAN -> wanted.add(new Tensor(name, Dtype.BOOL, rows, 0));
            case CATEGORICAL -> wanted.add(new Tensor(name, Dtype.I32, rows, 0));
            case TEXT -> {
                wanted.add(new Tensor(offsets(name), Dtype.I64, rows + 1, 0));
                wanted.add(new Tensor(bytes(name), Dtype.U8, utf8Bytes, 0));
            }
            // Their values have files of their own.
            case IMAGE, TENSOR -> {}
        }
        if (column.missing() > 0) {
            wanted.add(new Tensor(missing(name), Dtype.BOOL, rows, 0));
        }
    }

    private static Map<String, String> names(List<Column> columns) {
        var names = new LinkedHashMap<String, String>();
        for (var i = 0; i < columns.size(); i++) {
            names.put(name(i), columns.get(i).name());
        }
        return names;
    }

    private static Map<String, Object> description(Tensor tensor) {
        var description = new LinkedHashMap<String, Object>();
        description.put("dtype", tensor.dtype().name());
        description.put("shape", List.of(tensor.length()));
        description.put("data_offsets", List.of(tensor.begin(), tensor.end()));
        return description;
    }

    private static byte[] padded(byte[] json) {
        var text = new String(json, StandardCharsets.UTF_8);
        var padding = Math.floorMod(-json.length, Long.BYTES);
        return (text + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
    }

    /** The JSON header, a multiple of eight bytes long. */
    byte[] header() {
        return header.clone();
    }

    boolean has(String name) {
        return tensors.containsKey(name);
    }

    Tensor tensor(String name) {
        var tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("the table has no tensor " + name);
        }
        return tensor;
    }

    int size() {
        return tensors.size();
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
