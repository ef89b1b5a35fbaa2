package dev.hearth.dataset;

import dev.hearth.problem.ProblemException;
import dev.hearth.tensorfile.MappedBytes;
import dev.hearth.tensorfile.SafetensorsReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A table file as {@link TableLayout} describes it, mapped into memory. */
final class MappedTable implements Table {

    private static final String BROKEN = "the table's file is not as it was written";
    private static final ValueLayout.OfDouble F64 =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MappedBytes file;
    private final long rows;
    private final List<Column> columns;
    private final Map<String, MemorySegment> tensors = new HashMap<>();
    private final Map<String, Integer> places = new HashMap<>();

    private MappedTable(MappedBytes file, long rows, List<Column> columns) {
        this.file = file;
        this.rows = rows;
        this.columns = List.copyOf(columns);
        for (var i = 0; i < columns.size(); i++) {
            places.put(columns.get(i).name(), i);
        }
        SafetensorsReader.read(file)
                .tensors()
                .forEach((name, tensor) ->
                        tensors.put(name, file.segment(tensor.position(), tensor.bytes())));
    }

    static Table open(Path file, Dataset dataset) throws IOException {
        return open(file, dataset.rows(), dataset.columns());
    }

    /** Of a data set that is not kept yet. */
    static Table open(Prepared prepared) throws IOException {
        return open(prepared.table(), prepared.rows(), prepared.columns());
    }

    static Table open(Path path, long rows, List<Column> columns) throws IOException {
        var file = MappedBytes.mapShared(path);
        try {
            return new MappedTable(file, rows, columns);
        } catch (ProblemException e) {
            file.close();
            // Nobody sent it: we have written it.
            throw new IllegalStateException(BROKEN, e);
        }
    }

    private static IllegalStateException broken() {
        return new IllegalStateException(BROKEN);
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public Values values(String column) {
        var place = place(column);
        var name = TableLayout.name(place);
        var missing = tensors.get(TableLayout.missing(name));
        var type = columns.get(place).type();
        return switch (type) {
            case NUMERIC -> new Doubles(require(name), missing);
            case INTEGER -> new Longs(require(name), missing);
            case BOOLEAN -> new Flags(require(name), missing);
            case CATEGORICAL -> new Indices(require(name), missing);
            case TEXT, IMAGE, TENSOR ->
                    throw new IllegalArgumentException(
                            "a column of type %s has no values: '%s'"
                                    .formatted(type.wireName(), column));
        };
    }

    @Override
    public Optional<String> text(String column, long row) {
        var place = place(column);
        var name = TableLayout.name(place);
        if (isMissing(tensors.get(TableLayout.missing(name)), row)) {
            return Optional.empty();
        }
        var described = columns.get(place);
        return Optional.of(
                switch (described.type()) {
                    case NUMERIC -> Double.toString(require(name).getAtIndex(F64, row));
                    case INTEGER -> Long.toString(require(name).getAtIndex(I64, row));
                    case BOOLEAN ->
                            Boolean.toString(require(name).get(ValueLayout.JAVA_BYTE, row) != 0);
                    case CATEGORICAL ->
                            described.categories().get(require(name).getAtIndex(I32, row));
                    case TEXT -> textAt(name, row);
                    case IMAGE, TENSOR -> described.block().orElseThrow().toString();
                });
    }

    private String textAt(String name, long row) {
        var offsets = require(TableLayout.offsets(name));
        var begin = offsets.getAtIndex(I64, row);
        var end = offsets.getAtIndex(I64, row + 1);
        var bytes = require(TableLayout.bytes(name)).asSlice(begin, end - begin);
        return new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    private int place(String column) {
        var place = places.get(column);
        if (place == null) {
            throw new IllegalArgumentException("the data set has no column '" + column + "'");
        }
        return place;
    }

    private MemorySegment require(String tensor) {
        var segment = tensors.get(tensor);
        if (segment == null) {
            throw broken();
        }
        return segment;
    }

    private static boolean isMissing(@Nullable MemorySegment mask, long row) {
        return mask != null && mask.get(ValueLayout.JAVA_BYTE, row) != 0;
    }

    @Override
    public void close() {
        file.close();
    }

    private record Doubles(MemorySegment values, @Nullable MemorySegment mask) implements Values {
        @Override
        public double at(long row) {
            return values.getAtIndex(F64, row);
        }

        @Override
        public boolean missingAt(long row) {
            return isMissing(mask, row);
        }
    }

    private record Longs(MemorySegment values, @Nullable MemorySegment mask) implements Values {
        @Override
        public double at(long row) {
            return values.getAtIndex(I64, row);
        }

        @Override
        public boolean missingAt(long row) {
            return isMissing(mask, row);
        }
    }

    private record Flags(MemorySegment values, @Nullable MemorySegment mask) implements Values {
        @Override
        public double at(long row) {
            return values.get(ValueLayout.JAVA_BYTE, row);
        }

        @Override
        public boolean missingAt(long row) {
            return isMissing(mask, row);
        }
    }

    private record Indices(MemorySegment values, @Nullable MemorySegment mask) implements Values {
        @Override
        public double at(long row) {
            return values.getAtIndex(I32, row);
        }

        @Override
        public boolean missingAt(long row) {
            return isMissing(mask, row);
        }
    }
}
