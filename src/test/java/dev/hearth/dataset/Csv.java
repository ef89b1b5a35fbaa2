package dev.hearth.dataset;

import dev.hearth.problem.ProblemException;
import dev.hearth.storage.Blob;
import dev.hearth.storage.Scratch;
import dev.hearth.storage.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Prepares CSV texts in a test's folder, without a service. */
final class Csv implements AutoCloseable {

    private final Path folder;
    private final Scratch scratch;
    private final TableReader reader;

    Csv(Path folder) throws IOException {
        this(folder, new DatasetSettings(1_000_000, 4096));
    }

    Csv(Path folder, DatasetSettings limits) throws IOException {
        this.folder = folder;
        this.scratch = Scratch.in(folder);
        this.reader = new TableReader(scratch, limits);
    }

    Scratch scratch() {
        return scratch;
    }

    Prepared prepare(byte[] csv, DatasetOptions options) {
        return prepare("data.csv", csv, options);
    }

    Prepared prepare(String name, byte[] bytes, DatasetOptions options) {
        try {
            var file = SourceFile.of(name, bytes.length, () -> new ByteArrayInputStream(bytes));
            return reader.prepare(List.of(file), options, PreparationProgress.NONE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Prepared prepare(String csv) {
        return prepare(csv, Map.of());
    }

    Prepared prepare(String csv, Map<String, String> types) {
        return prepare(
                csv.getBytes(StandardCharsets.UTF_8), DatasetOptions.ofColumns(words(types)));
    }

    /** Words for types, as they are sent. */
    static Map<String, JsonNode> words(Map<String, String> types) {
        return types.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                type -> JsonNodeFactory.instance.stringNode(type.getValue())));
    }

    /** Options as they are sent. */
    static DatasetOptions options(String json) {
        return JsonMapper.shared().readValue(json, DatasetOptions.class);
    }

    Prepared sample(String name) throws IOException {
        try (var in = Csv.class.getResourceAsStream("/samples/" + name + ".csv")) {
            return prepare(in.readAllBytes(), DatasetOptions.NONE);
        }
    }

    /** What a CSV is refused with. */
    ProblemException problem(byte[] csv, DatasetOptions options) {
        return problem("data.csv", csv, options);
    }

    ProblemException problem(String name, byte[] bytes, DatasetOptions options) {
        try (var prepared = prepare(name, bytes, options)) {
            throw new AssertionError("accepted: " + prepared.columns());
        } catch (ProblemException e) {
            return e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ProblemException problem(String csv) {
        return problem(csv.getBytes(StandardCharsets.UTF_8), DatasetOptions.NONE);
    }

    Table open(Prepared prepared) throws IOException {
        var blob = new Blob(new Sha256("0".repeat(64)), Files.size(prepared.table()));
        return MappedTable.open(
                prepared.table(),
                new Dataset(
                        new DatasetId(new UUID(0, 0)),
                        "test",
                        List.of(new StoredFile("data.csv", blob)),
                        blob,
                        prepared.rows(),
                        prepared.columns(),
                        Map.of(),
                        Instant.EPOCH));
    }

    /** The files that are left in the scratch folder. */
    List<Path> leftovers() {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".lock"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        scratch.close();
    }
}
