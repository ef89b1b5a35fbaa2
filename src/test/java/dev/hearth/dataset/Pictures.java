package dev.hearth.dataset;

import dev.hearth.problem.ProblemException;
import dev.hearth.storage.Scratch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Prepares pictures in a test's folder, without a service. */
final class Pictures implements AutoCloseable {

    static final ImageSettings LIMITS =
            new ImageSettings(
                    500_000, DataSize.ofMegabytes(40), 50_000_000, 50, DataSize.ofGigabytes(1), 3);

    private final Csv csv;
    private final Preparation preparation;

    Pictures(Path folder) throws IOException {
        this(folder, LIMITS);
    }

    Pictures(Path folder, ImageSettings limits) throws IOException {
        csv = new Csv(folder);
        Scratch scratch = csv.scratch();
        var tables = new DatasetSettings(1_000_000, 4096);
        var reader = new TableReader(scratch, tables);
        preparation =
                new Preparation(
                        List.of(
                                new ImageFolderReader(scratch, limits, tables, reader),
                                new IdxReader(scratch, limits, tables, reader),
                                reader,
                                new ImageListReader(scratch, limits, reader)));
    }

    static SourceFile file(String name, byte[] bytes) throws IOException {
        return SourceFile.of(name, bytes.length, () -> new ByteArrayInputStream(bytes));
    }

    static SourceFile file(String name, String text) throws IOException {
        return file(name, text.getBytes(StandardCharsets.UTF_8));
    }

    Prepared prepare(DatasetOptions options, SourceFile... files) throws IOException {
        return preparation.prepare(List.of(files), options, PreparationProgress.NONE);
    }

    Prepared prepare(SourceFile... files) throws IOException {
        return prepare(DatasetOptions.NONE, files);
    }

    ProblemException problem(DatasetOptions options, SourceFile... files) throws IOException {
        try (var prepared = prepare(options, files)) {
            throw new AssertionError(prepared.rows() + " rows were accepted");
        } catch (ProblemException e) {
            return e;
        }
    }

    ProblemException problem(SourceFile... files) throws IOException {
        return problem(DatasetOptions.NONE, files);
    }

    static DatasetOptions with(ImageOptions images) {
        return new DatasetOptions(null, null, null, null, null, null, images);
    }

    static String[] texts(Prepared prepared, String column) throws IOException {
        try (var table = MappedTable.open(prepared)) {
            var texts = new String[(int) prepared.rows()];
            for (int row = 0; row < texts.length; row++) {
                texts[row] = table.text(column, row).orElse("");
            }
            return texts;
        }
    }

    /** A tensor of a block's file, as its bytes. */
    static byte[] tensor(Prepared prepared, String column, String tensor) throws IOException {
        byte[] file = Files.readAllBytes(prepared.blocks().get(column));
        var header = header(file);
        int begin = 8 + (int) headerBytes(file);
        JsonNode offsets = header.get(tensor).get("data_offsets");
        return ByteBuffer.allocate(offsets.get(1).intValue() - offsets.get(0).intValue())
                .put(
                        file,
                        begin + offsets.get(0).intValue(),
                        offsets.get(1).intValue() - offsets.get(0).intValue())
                .array();
    }

    static JsonNode header(byte[] file) {
        return JsonMapper.shared()
                .readTree(new String(file, 8, (int) headerBytes(file), StandardCharsets.UTF_8));
    }

    private static long headerBytes(byte[] file) {
        return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    static ImageReport images(Prepared prepared) {
        return Objects.requireNonNull(prepared.report().images());
    }

    List<Path> leftovers() throws IOException {
        return csv.leftovers();
    }

    @Override
    public void close() throws IOException {
        csv.close();
    }
}
