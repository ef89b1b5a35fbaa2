package dev.hearth.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.dataset.FileForm;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.BlockShapes;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.InputForm;
import dev.hearth.spec.Limits;
import dev.hearth.spec.ModelCheck;
import dev.hearth.spec.SpecErrors;
import dev.hearth.spec.SpecReader;
import dev.hearth.spec.TargetColumn;
import dev.hearth.spec.TrainingRequest.Purpose;
import dev.hearth.spec.TrainingSpec;
import dev.hearth.spec.Transforms;
import dev.hearth.tensorfile.ElementType;
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
        PythonTarget target = target(run.get("target"));
        TrainingSpec spec =
                new SpecReader(Limits.DEFAULT).read(run.get("request"), Purpose.RUN).spec();
        InputForm input =
                run.has("block")
                        ? block(run.get("block"), spec)
                        : JSON.treeToValue(run.get("encoding"), Encoding.class);
        ModelCheck.Checked checked =
                new ModelCheck(Limits.DEFAULT).check(spec, data(input, spec, target));

        var script =
                new PythonScript(
                        spec,
                        checked.plan(),
                        source(run),
                        input,
                        Transforms.toFloats(spec.transforms().train(), false),
                        target,
                        new PythonSplit(
                                spec.split(),
                                spec.objective().task().hasClasses(),
                                Optional.empty(),
                                false),
                        TRAINING_ROWS);
        var model = new PythonModel(checked.plan(), input, spec.loss(), target);

        assertIsCommitted(folder.resolve("script.py"), script.source(ORIGIN));
        assertIsCommitted(folder.resolve("model.py"), model.source(ORIGIN));
    }

    private static BlockInput block(JsonNode block, TrainingSpec spec) {
        var kind = BlockInput.Kind.valueOf(block.get("kind").stringValue());
        return new BlockInput(
                block.get("column").stringValue(),
                kind,
                ElementType.ofSafetensors(block.get("dtype").stringValue()).orElseThrow(),
                block.get("shape").valueStream().map(JsonNode::longValue).toList(),
                kind == BlockInput.Kind.IMAGE
                        ? Transforms.toFloats(spec.transforms().eval(), false)
                        : List.of());
    }

    private static DataSource source(JsonNode run) {
        List<String> left = List.of("3/broken.png");
        FileForm form =
                switch (run.path("form").asString("csv")) {
                    case "csv" ->
                            csv(
                                    run.path("delimiter").asString(",").charAt(0),
                                    run.path("plain").asBoolean(true)
                                            ? FileForm.Header.PLAIN
                                            : FileForm.Header.SPACED);
                    case "headless" ->
                            new FileForm.Csv(
                                    '\t',
                                    '\'',
                                    StandardCharsets.UTF_16,
                                    FileForm.Header.NONE,
                                    5,
                                    true);
                    case "json_lines" -> new FileForm.JsonLines(StandardCharsets.UTF_8, true);
                    case "parquet" -> new FileForm.Parquet(false);
                    case "image_folders" -> new FileForm.ImageFolders(left);
                    case "image_list" ->
                            new FileForm.ImageList(
                                    csv(';', FileForm.Header.PLAIN),
                                    1,
                                    List.of("about", "name"),
                                    left);
                    case "idx" ->
                            new FileForm.Idx(
                                    run.path("converted").asBoolean(true),
                                    run.path("several").asBoolean(false));
                    case "safetensors" -> new FileForm.Safetensors();
                    case "arrays" -> new FileForm.Arrays(List.of("x", "y"));
                    case String other -> throw new IllegalArgumentException(other);
                };
        return new DataSource(form, run.path("files").asInt(1));
    }

    private static FileForm.Csv csv(char delimiter, FileForm.Header header) {
        return new FileForm.Csv(delimiter, '"', StandardCharsets.UTF_8, header, 5, false);
    }

    private static PythonTarget target(JsonNode target) {
        return new PythonTarget(
                target.has("columns")
                        ? target.get("columns").valueStream().map(JsonNode::stringValue).toList()
                        : List.of(target.get("column").stringValue()),
                TargetColumn.Kind.valueOf(target.get("kind").stringValue()),
                target.path("classes").valueStream().map(JsonNode::stringValue).toList());
    }

    private static ModelCheck.Data data(InputForm input, TrainingSpec spec, PythonTarget target) {
        int classes = target.classes().size();
        var errors = new SpecErrors();
        return new ModelCheck.Data(
                BlockShapes.of(input, spec.transforms(), errors),
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
                Optional.of(input));
    }

    private static void assertIsCommitted(Path file, String source) throws IOException {
        if (Boolean.getBoolean("hearth.python.write")) {
            Files.writeString(file, source);
        }
        assertThat(source).isEqualTo(Files.readString(file));
    }
}
