package dev.hearth.run;

import dev.hearth.dataset.Table;
import dev.hearth.dataset.Values;
import dev.hearth.spec.LossSpec;
import dev.hearth.torchscript.TrainingProgram;
import dev.hearth.train.Split;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * Writes a part of the data as the program maps it: encoded features, targets and weights, row by
 * row. The encoding is done by the program itself, so that training and prediction cannot differ.
 * Of images and tensors, which stay where they are, only the rows' numbers are written.
 */
record RowFiles(Table table, ChosenColumns columns, Targets targets, LossSpec loss) {

    private static final int ROWS_AT_ONCE = 4096;
    private static final int BUFFER_BYTES = 1 << 15;

    /**
     * @param name of the files in {@code folder}
     */
    Split write(TrainingProgram program, long[] rows, Path folder, String name) throws IOException {
        Path x = folder.resolve(name + ".features");
        Path y = folder.resolve(name + ".targets");
        if (columns.block().isPresent()) {
            write(rows, x, 1, (row, out) -> out.putLong(row));
        } else {
            writeFeatures(program, rows, x);
        }
        writeTargets(rows, y);
        Optional<Path> w =
                columns.sampleWeight().isEmpty()
                        ? Optional.empty()
                        : Optional.of(folder.resolve(name + ".weights"));
        if (w.isPresent()) {
            Values weights = table.values(columns.sampleWeight().orElseThrow().name());
            write(rows, w.get(), 1, (row, out) -> out.putFloat((float) weights.at(row)));
        }
        return new Split(new TrainingProgram.Rows(x, y, w, rows.length), variations(rows));
    }

    private void writeFeatures(TrainingProgram program, long[] rows, Path file) throws IOException {
        List<Values> features =
                columns.features().stream().map(column -> table.values(column.name())).toList();
        try (var out = create(file)) {
            for (int first = 0; first < rows.length; first += ROWS_AT_ONCE) {
                int count = Math.min(ROWS_AT_ONCE, rows.length - first);
                var raw = new double[Math.multiplyExact(count, features.size())];
                for (int i = 0; i < count; i++) {
                    for (int j = 0; j < features.size(); j++) {
                        raw[i * features.size() + j] = raw(features.get(j), rows[first + i]);
                    }
                }
                writeAll(out, program.preprocess(raw, count));
            }
        }
    }

    /** NaN for a missing value, which the program knows how to fill. */
    private static double raw(Values values, long row) {
        return values.missingAt(row) ? Double.NaN : values.at(row);
    }

    private void writeTargets(long[] rows, Path file) throws IOException {
        write(
                rows,
                file,
                targets.columns().size(),
                switch (loss.task(targets.columns().size())) {
                    case CLASSIFICATION -> (row, out) -> out.putLong(targets.classAt(row));
                    case BINARY_CLASSIFICATION, MULTI_LABEL ->
                            (row, out) ->
                                    targets.columns()
                                            .forEach(column -> out.putFloat(column.yesAt(row)));
                    case SIMILARITY ->
                            (row, out) -> out.putFloat(targets.classAt(row) == 0 ? -1 : 1);
                    case REGRESSION, DISTRIBUTION ->
                            (row, out) ->
                                    targets.columns()
                                            .forEach(column ->
                                                    out.putFloat((float) column.values().at(row)));
                });
    }

    /** Puts one row's values. */
    private interface RowWriter {
        void put(long row, ByteBuffer out);
    }

    /**
     * @param most values in a row
     */
    private static void write(long[] rows, Path file, int most, RowWriter writer)
            throws IOException {
        int rowBytes = Math.multiplyExact(most, Long.BYTES);
        var buffer =
                ByteBuffer.allocate(Math.max(rowBytes, BUFFER_BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
        try (var out = create(file)) {
            for (long row : rows) {
                if (buffer.remaining() < rowBytes) {
                    writeAll(out, buffer.flip());
                    buffer.clear();
                }
                writer.put(row, buffer);
            }
            writeAll(out, buffer.flip());
        }
    }

    /** Σ(y − ȳ)² of each target, for R². */
    private List<Double> variations(long[] rows) {
        return switch (loss.task(targets.columns().size())) {
            case REGRESSION, DISTRIBUTION ->
                    targets.columns().stream()
                            .map(column ->
                                    Moments.of(rows.length, i -> column.values().at(rows[i]))
                                            .squares())
                            .toList();
            case BINARY_CLASSIFICATION, CLASSIFICATION, MULTI_LABEL, SIMILARITY -> List.of();
        };
    }

    private static FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
