package dev.hearth.run;

import dev.hearth.dataset.Column;
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

/**
 * Writes a part of the data as the program maps it: the encoded features and the targets, row by
 * row. The encoding is done by the program itself, so that training and prediction cannot differ.
 */
record RowFiles(Table table, List<Column> features, TargetValues target, LossSpec loss) {

    private static final int ROWS_AT_ONCE = 4096;

    /**
     * @param name of the files in {@code folder}
     */
    Split write(TrainingProgram program, long[] rows, Path folder, String name) throws IOException {
        Path x = folder.resolve(name + ".features");
        Path y = folder.resolve(name + ".targets");
        writeFeatures(program, rows, x);
        writeTargets(rows, y);
        return new Split(new TrainingProgram.Rows(x, y, rows.length), variation(rows));
    }

    private void writeFeatures(TrainingProgram program, long[] rows, Path file) throws IOException {
        List<Values> columns =
                features.stream().map(column -> table.values(column.name())).toList();
        try (var out = create(file)) {
            for (int first = 0; first < rows.length; first += ROWS_AT_ONCE) {
                int count = Math.min(ROWS_AT_ONCE, rows.length - first);
                var raw = new double[Math.multiplyExact(count, columns.size())];
                for (int i = 0; i < count; i++) {
                    for (int j = 0; j < columns.size(); j++) {
                        raw[i * columns.size() + j] = columns.get(j).at(rows[first + i]);
                    }
                }
                writeAll(out, program.preprocess(raw, count));
            }
        }
    }

    private void writeTargets(long[] rows, Path file) throws IOException {
        var buffer = ByteBuffer.allocate(ROWS_AT_ONCE * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (var out = create(file)) {
            for (long row : rows) {
                switch (loss) {
                    case LossSpec.CrossEntropyLoss _ -> buffer.putLong(target.classAt(row));
                    case LossSpec.BCELoss _, LossSpec.BCEWithLogitsLoss _ ->
                            buffer.putFloat(target.classAt(row));
                    case LossSpec.MSELoss _ -> buffer.putFloat((float) target.values().at(row));
                }
                if (buffer.remaining() < Long.BYTES) {
                    writeAll(out, buffer.flip());
                    buffer.clear();
                }
            }
            writeAll(out, buffer.flip());
        }
    }

    /** Σ(y − ȳ)², for R². */
    private double variation(long[] rows) {
        if (loss.task().hasClasses()) {
            return 0;
        }
        var sum = new NeumaierSum();
        for (long row : rows) {
            sum.add(target.values().at(row));
        }
        double mean = sum.value() / rows.length;
        var squares = new NeumaierSum();
        for (long row : rows) {
            double deviation = target.values().at(row) - mean;
            squares.add(deviation * deviation);
        }
        return squares.value();
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
