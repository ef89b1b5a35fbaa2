package dev.hearth.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.dataset.FileForm;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.Limits;
import dev.hearth.spec.ModelCheck;
import dev.hearth.spec.Shape;
import dev.hearth.spec.SpecReader;
import dev.hearth.spec.TargetColumn;
import dev.hearth.spec.TrainingRequest.Purpose;
import dev.hearth.spec.TrainingSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Each folder of {@code src/test/resources/python} holds a run and the Python that is written of
 * it. After a change that is meant, {@code mvn test -Dtest=GoldenPythonTest
 * -Dhearth.python.write=true} writes the files anew; look at the difference, and run {@code
 * src/test/oracle/scripts.py}.
 */
class GoldenPythonTest {

    private static final Path FOLDER = Path.of("src/test/resources/python");
    private static final long TRAINING_ROWS = 100;
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final List<String> ORIGIN =
            List.of("Repeats run 6f1c6bd8-6c8e-4f0e-9a37-0c6f9c1d2e3f.");

    static Stream<Path> cases() throws IOException {
        try (var folders = Files.list(FOLDER)) {
            return folders.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theScriptAndTheModelAreThoseThatAreCommitted(Path folder) throws IOException {
        JsonNode run = JSON.readTree(Files.readString(folder.resolve("run.json")));
        Encoding encoding = JSON.treeToValue(run.get("encoding"), Encoding.class);
        PythonTarget target = target(run.get("target"));
        TrainingSpec spec =
                new SpecReader(Limits.DEFAULT).read(run.get("request"), Purpose.RUN).spec();
        ModelCheck.Checked checked =
                new ModelCheck(Limits.DEFAULT).check(spec, data(encoding, target));
        var csv =
                new FileForm.Csv(
                        run.path("delimiter").asString(",").charAt(0),
                        '"',
                        StandardCharsets.UTF_8,
                        run.path("plain").asBoolean(true)
                                ? FileForm.Header.PLAIN
                                : FileForm.Header.SPACED,
                        encoding.features().size() + target.columns().size(),
                        false);

        var script =
                new PythonScript(
                        spec,
                        checked.plan(),
                        new DataSource(csv, 1),
                        encoding,
                        List.of(),
                        target,
                        new PythonSplit(
                                spec.split(),
                                spec.objective().task().hasClasses(),
                                Optional.empty(),
                                false),
                        TRAINING_ROWS);
        var model = new PythonModel(checked.plan(), encoding, spec.loss(), target);

        assertIsCommitted(folder.resolve("script.py"), script.source(ORIGIN));
        assertIsCommitted(folder.resolve("model.py"), model.source(ORIGIN));
    }

    private static PythonTarget target(JsonNode target) {
        return new PythonTarget(
                target.has("columns")
                        ? target.get("columns").valueStream().map(JsonNode::stringValue).toList()
                        : List.of(target.get("column").stringValue()),
                TargetColumn.Kind.valueOf(target.get("kind").stringValue()),
                target.path("classes").valueStream().map(JsonNode::stringValue).toList());
    }

    private static ModelCheck.Data data(Encoding encoding, PythonTarget target) {
        int classes = target.classes().size();
        return new ModelCheck.Data(
                Shape.of(encoding.width()),
                OptionalLong.of(TRAINING_ROWS),
                target.columns().stream()
                        .map(column ->
                                new TargetColumn(
                                        column,
                                        target.kind(),
                                        classes == 0
                                                ? OptionalInt.empty()
                                                : OptionalInt.of(classes),
                                        target.classes()))
                        .toList(),
                Optional.of(encoding));
    }

    private static void assertIsCommitted(Path file, String source) throws IOException {
        if (Boolean.getBoolean("hearth.python.write")) {
            Files.writeString(file, source);
        }
        assertThat(source).isEqualTo(Files.readString(file));
    }
}
