package dev.hearth.dataset;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Turns a column's cells into elements of its tensors; a cell that does not fit is said to. */
sealed interface ColumnWriter {

    /**
     * Writes the cell, or null for a missing one: see {@link #writeMissing()}.
     *
     * @return null, or what was expected in the place of this cell
     */
    @Nullable String write(char[] text, int offset, int length, long hash) throws IOException;

    void writeMissing() throws IOException;

    void finish() throws IOException;

    final class Numbers implements ColumnWriter {
        private final NumberCell number = new NumberCell();
        private final NumberSummary summary;
        private final TensorSink values;

        Numbers(TensorSink values, NumberSummary summary) {
            this.values = values;
            this.summary = summary;
        }

        @Override
        public @Nullable String write(char[] text, int offset, int length, long hash)
                throws IOException {
            return switch (number.read(text, offset, length)) {
                case WHOLE, DECIMAL -> {
                    summary.add(number.value());
                    values.putDouble(number.value());
                    yield null;
                }
                case NOT_FINITE -> "a finite number";
                case WORD, BLANK -> "a number";
            };
        }

        @Override
        public void writeMissing() throws IOException {
            values.putDouble(0);
        }

        @Override
        public void finish() throws IOException {
            values.finish();
        }
    }

    final class WholeNumbers implements ColumnWriter {
        private final NumberCell number = new NumberCell();
        private final NumberSummary summary;
        private final TensorSink values;

        WholeNumbers(TensorSink values, NumberSummary summary) {
            this.values = values;
            this.summary = summary;
        }

        @Override
        public @Nullable String write(char[] text, int offset, int length, long hash)
                throws IOException {
            if (number.read(text, offset, length) != NumberCell.Kind.WHOLE) {
                return "a whole number";
            }
            summary.add(number.value());
            values.putLong(number.whole());
            return null;
        }

        @Override
        public void writeMissing() throws IOException {
            values.putLong(0);
        }

        @Override
        public void finish() throws IOException {
            values.finish();
        }
    }

    /** 0 and 1 are accepted too; a column that has them is boolean only if declared so. */
    final class Booleans implements ColumnWriter {
        private final NumberCell number = new NumberCell();
        private final TensorSink values;

        Booleans(TensorSink values) {
            this.values = values;
        }

        @Override
        public @Nullable String write(char[] text, int offset, int length, long hash)
                throws IOException {
            var read = BooleanCell.read(text, offset, length);
            if (read == BooleanCell.NEITHER
                    && number.read(text, offset, length) == NumberCell.Kind.WHOLE
                    && (number.whole() == 0 || number.whole() == 1)) {
                read = (int) number.whole();
            }
            if (read == BooleanCell.NEITHER) {
                return "true or false";
            }
            values.putBoolean(read == BooleanCell.TRUE);
            return null;
        }

        @Override
        public void writeMissing() throws IOException {
            values.putBoolean(false);
        }

        @Override
        public void finish() throws IOException {
            values.finish();
        }
    }

    final class Categories implements ColumnWriter {
        private final DistinctCells distinct;
        private final int[] ranks;
        private final Function<String, String> expected;
        private final TensorSink values;

        /** Of categories that were found in the file. */
        Categories(TensorSink values, Column column, DistinctCells distinct) {
            this.values = values;
            this.distinct = distinct;
            this.expected =
                    _ -> {
                        throw new IllegalStateException(
                                "the file changed between its two readings");
                    };
            var places = new HashMap<String, Integer>();
            for (var i = 0; i < column.categories().size(); i++) {
                places.put(column.categories().get(i), i);
            }
            ranks = new int[distinct.size()];
            for (var entry = 0; entry < ranks.length; entry++) {
                ranks[entry] = Objects.requireNonNull(places.get(distinct.text(entry)));
            }
        }

        /** Of declared categories, in their order. */
        Categories(TensorSink values, DeclaredCategories declared) {
            this.values = values;
            this.distinct = declared.cells();
            this.expected = declared::expected;
            this.ranks = IntStream.range(0, distinct.size()).toArray();
        }

        @Override
        public @Nullable String write(char[] text, int offset, int length, long hash)
                throws IOException {
            var entry = distinct.find(text, offset, length, hash);
            if (entry < 0) {
                return expected.apply(new String(text, offset, length));
            }
            values.putInt(ranks[entry]);
            return null;
        }

        @Override
        public void writeMissing() throws IOException {
            values.putInt(0);
        }

        @Override
        public void finish() throws IOException {
            values.finish();
        }
    }

    final class Texts implements ColumnWriter {
        private final TensorSink offsets;
        private final TensorSink bytes;
        private long end;

        Texts(TensorSink offsets, TensorSink bytes) throws IOException {
            this.offsets = offsets;
            this.bytes = bytes;
            offsets.putLong(0);
        }

        @Override
        public @Nullable String write(char[] text, int offset, int length, long hash)
                throws IOException {
            var encoded = new String(text, offset, length).getBytes(StandardCharsets.UTF_8);
            bytes.putBytes(encoded);
            end += encoded.length;
            offsets.putLong(end);
            return null;
        }

        @Override
        public void writeMissing() throws IOException {
            offsets.putLong(end);
        }

        @Override
        public void finish() throws IOException {
            offsets.finish();
            bytes.finish();
        }
    }
}
