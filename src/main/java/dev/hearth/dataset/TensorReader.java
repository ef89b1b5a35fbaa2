package dev.hearth.dataset;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import dev.hearth.storage.Scratch;
import dev.hearth.tensorfile.BadFile;
import dev.hearth.tensorfile.ElementType;
import dev.hearth.tensorfile.MappedBytes;
import dev.hearth.tensorfile.SafetensorsHeader;
import dev.hearth.tensorfile.SafetensorsReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Makes a data set of tensors whose first extent counts rows: of safetensors files and NumPy
 * arrays. Tensors of the same name in several files are one, the rows of each file after those
 * before. A tensor of one extent is a column of numbers; one of more is an image, where it is UINT8
 * {@code [rows, height, width]} or {@code [rows, 1 or 3, height, width]}, or a tensor.
 */
@Component
class TensorReader implements DatasetReader {

    private static final String NPY = ".npy";
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int ROWS_A_REPORT = 1 << 12;

    private final Scratch scratch;
    private final DatasetSettings limits;
    private final TableReader tables;

    TensorReader(Scratch scratch, DatasetSettings limits, TableReader tables) {
        this.scratch = scratch;
        this.limits = limits;
        this.tables = tables;
    }

    @Override
    public String wants() {
        return "safetensors files, or NumPy arrays (.npy)";
    }

    @Override
    public boolean reads(List<SourceFile> files) {
        return files.stream()
                .allMatch(
                        file -> file.kind() == FileKind.SAFETENSORS || file.kind() == FileKind.NPY);
    }

    @Override
    public Prepared prepare(
            List<SourceFile> files, DatasetOptions options, PreparationProgress progress)
            throws IOException {
        var reading = options.checked();
        var opened = new ArrayDeque<MappedBytes>();
        var copies = new ArrayList<Path>();
        try {
            var tensors = new ArrayList<TensorSource>();
            for (var file : files) {
                progress.at(0, "reading " + file.name());
                Path copy = file.copy(scratch);
                copies.add(copy);
                tensors.addAll(tensors(file, copy, opened));
            }
            var joined = joined(tensors);
            requireRows(joined);
            return prepare(joined, files, reading, progress);
        } finally {
            opened.forEach(MappedBytes::close);
            for (var copy : copies) {
                Files.deleteIfExists(copy);
            }
        }
    }

    /** What is wrong with a model's file is here wrong with a data set's. */
    private static List<TensorSource> tensors(SourceFile file, Path copy, Deque<MappedBytes> opened)
            throws IOException {
        var bytes = MappedBytes.map(copy);
        opened.add(bytes);
        try {
            return file.kind() == FileKind.NPY ? array(file, bytes) : tensors(bytes);
        } catch (ProblemException e) {
            throw e.code() == ProblemCode.INVALID_MODEL_FILE
                    ? new ProblemException(
                            ProblemCode.INVALID_DATASET,
                            file.name() + ": " + e.detail(),
                            e.violations())
                    : e;
        }
    }

    /** The column that an array is. */
    static String arrayName(String file) {
        return file.endsWith(NPY) ? file.substring(0, file.length() - NPY.length()) : file;
    }

    private static List<TensorSource> array(SourceFile file, MappedBytes bytes) {
        var npy = NpyFile.read(bytes);
        var name = arrayName(file.name());
        return List.of(
                new TensorSource(
                        name,
                        npy.type(),
                        requireExtents(name, npy.shape()),
                        bytes,
                        npy.position(),
                        npy.isBigEndian(),
                        npy.isFortran()));
    }

    private static List<TensorSource> tensors(MappedBytes bytes) {
        var tensors = new ArrayList<TensorSource>();
        SafetensorsReader.read(bytes)
                .tensors()
                .forEach((name, entry) ->
                        tensors.add(
                                new TensorSource(
                                        name,
                                        entry.type(),
                                        requireExtents(name, entry.shape()),
                                        bytes,
                                        entry.position(),
                                        false,
                                        false)));
        if (tensors.isEmpty()) {
            throw BadFile.whole("the file has no tensors");
        }
        return tensors;
    }

    private static List<Long> requireExtents(String name, List<Long> shape) {
        if (shape.isEmpty() || shape.contains(0L)) {
            throw BadFile.at(
                    BadFile.tensor(name),
                    "has the shape %s; expected at least one row, counted by the first extent"
                            .formatted(shape));
        }
        return shape;
    }

    /** By name, in the order in which the names first appear. */
    private static List<JoinedTensor> joined(List<TensorSource> tensors) {
        var byName = new LinkedHashMap<String, List<TensorSource>>();
        var violations = new Violations();
        for (var tensor : tensors) {
            var parts = byName.computeIfAbsent(tensor.name(), _ -> new ArrayList<>());
            if (!parts.isEmpty() && !parts.getFirst().isContinuedBy(tensor)) {
                violations.add(
                        new Violation(
                                BadFile.tensor(tensor.name()),
                                "is %s in a further file, and was %s before; rows are added by tensors of the same type and shape of a row"
                                        .formatted(tensor.words(), parts.getFirst().words())));
            }
            parts.add(tensor);
        }
        violations.throwIfAny();
        return byName.values().stream().map(JoinedTensor::new).toList();
    }

    private void requireRows(List<JoinedTensor> tensors) {
        var violations = new Violations();
        var first = tensors.getFirst();
        for (var tensor : tensors) {
            if (tensor.rows() != first.rows()) {
                violations.add(
                        new Violation(
                                BadFile.tensor(tensor.name()),
                                "has %d rows, and %s has %d; all tensors of a data set have as many"
                                        .formatted(
                                                tensor.rows(),
                                                BadFile.tensor(first.name()),
                                                first.rows())));
            } else if (tensor.rows() > limits.maxRows()) {
                violations.add(
                        new Violation(
                                BadFile.tensor(tensor.name()),
                                "has %d rows; this service takes at most %d"
                                        .formatted(tensor.rows(), limits.maxRows())));
            } else if (!tensor.isColumn() && tensor.width() > Integer.MAX_VALUE / Double.BYTES) {
                violations.add(
                        new Violation(
                                BadFile.tensor(tensor.name()), "has more than 2 GB in one row"));
            } else if (!tensor.isColumn() && tensor.type() == ElementType.BFLOAT16) {
                violations.add(
                        new Violation(
                                BadFile.tensor(tensor.name()),
                                "is bfloat16; convert it to float32"));
            }
        }
        violations.throwIfAny();
    }

    private Prepared prepare(
            List<JoinedTensor> tensors,
            List<SourceFile> files,
            DatasetOptions.Reading options,
            PreparationProgress progress)
            throws IOException {
        var columns = tensors.stream().filter(JoinedTensor::isColumn).toList();
        long rows = tensors.getFirst().rows();
        var blocks = new LinkedHashMap<String, Path>();
        try {
            var described = new ArrayList<Column>();
            for (var tensor : tensors) {
                if (!tensor.isColumn()) {
                    Path file = scratch.newFile();
                    blocks.put(tensor.name(), file);
                    described.add(write(tensor, file, progress));
                }
            }
            long size = files.stream().mapToLong(SourceFile::sizeBytes).sum();
            Prepared table =
                    tables.prepare(
                            maxCells -> new TensorRows(columns, rows, maxCells),
                            size,
                            options,
                            progress);
            return table.with(described, Map.copyOf(blocks));
        } catch (IOException | RuntimeException e) {
            for (var file : blocks.values()) {
                Files.deleteIfExists(file);
            }
            throw e;
        }
    }

    private static Column write(JoinedTensor tensor, Path file, PreparationProgress progress)
            throws IOException {
        Block block = block(tensor);
        int rowBytes = Math.toIntExact(tensor.width() * tensor.type().size);
        progress.takes(tensor.rows() * rowBytes);
        var buffer = ByteBuffer.allocate(Math.max(rowBytes, BUFFER_BYTES));
        try (var out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            var header = new LinkedHashMap<String, SafetensorsHeader.Tensor>();
            var shape = new ArrayList<Long>();
            shape.add(tensor.rows());
            shape.addAll(block.shape());
            header.put("values", new SafetensorsHeader.Tensor(block.dtype(), shape));
            BlockFile.writeHeader(out, header);
            for (long row = 0; row < tensor.rows(); row++) {
                if (row % ROWS_A_REPORT == 0) {
                    progress.at((double) row / tensor.rows(), "writing " + tensor.name());
                }
                if (buffer.remaining() < rowBytes) {
                    BlockFile.write(out, buffer.flip());
                    buffer.clear();
                }
                tensor.put(row, buffer);
            }
            BlockFile.write(out, buffer.flip());
        }
        return new Column(
                tensor.name(),
                isImage(tensor) ? ColumnType.IMAGE : ColumnType.TENSOR,
                List.of(),
                0,
                Optional.of(block));
    }

    private static boolean isImage(JoinedTensor tensor) {
        var shape = tensor.rowShape();
        return tensor.type() == ElementType.UINT8
                && (shape.size() == 2
                        || (shape.size() == 3 && (shape.get(0) == 1 || shape.get(0) == 3)));
    }

    private static Block block(JoinedTensor tensor) {
        var shape = new ArrayList<>(tensor.rowShape());
        if (isImage(tensor) && shape.size() == 2) {
            shape.addFirst(1L);
        }
        return new Block(
                // What is yes or no becomes 1 or 0.
                tensor.type() == ElementType.BOOL ? ElementType.UINT8 : tensor.type(), shape);
    }
}
