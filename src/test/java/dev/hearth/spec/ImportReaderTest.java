package dev.hearth.spec;

import static dev.hearth.spec.Specs.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ImportReaderTest {

    private final ImportReader reader = new ImportReader(Limits.DEFAULT);

    @Test
    void theExampleOfThePageIsRead() throws IOException {
        String page = Files.readString(Path.of("docs/import.md"));
        var block = Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL).matcher(page);
        assertThat(block.find()).isTrue();

        ImportRequest request = reader.read(JSON.readTree(block.group(1)));

        assertThat(request.name()).isEqualTo("iris-imported");
        assertThat(request.stripPrefix()).isEmpty();
        assertThat(request.source())
                .isInstanceOfSatisfying(
                        ImportRequest.Own.class,
                        own -> {
                            assertThat(own.encoding().width()).isEqualTo(6);
                            assertThat(own.encoding().features())
                                    .contains(
                                            new Encoding.Standardized("sepal_length", 5.84, 0.83),
                                            new Encoding.OneHot(
                                                    "colour", List.of("blue", "white")));
                            assertThat(own.model().plan().parameterCount())
                                    .isEqualTo(6 * 16 + 16 + 16 * 3 + 3);
                            assertThat(own.target().kind())
                                    .isEqualTo(TargetColumn.Kind.CATEGORICAL);
                        });
    }

    @Test
    void aVersionToBeLikeNeedsNoNumber() {
        var request =
                reader.read(
                        JSON.readTree(
                                """
                                {"name": "b", "like": {"name": "a"}, "strip_prefix": "module."}
                                """));

        assertThat(request)
                .isEqualTo(
                        new ImportRequest(
                                "b", "module.", new ImportRequest.Like("a", OptionalInt.empty())));
    }

    @Test
    void classesMayBeNumbersOrTruthValues() {
        assertThat(target("[1, 2, -3]"))
                .isEqualTo(
                        new ImportRequest.Target(
                                "y", TargetColumn.Kind.INTEGER, List.of("1", "2", "-3")));
        assertThat(target("[false, true]").kind()).isEqualTo(TargetColumn.Kind.BOOLEAN);
    }

    private ImportRequest.Target target(String classes) {
        var request =
                reader.read(
                        JSON.readTree(
                                """
                                {"name": "b", "model": {"layers": [{"type": "Linear", "out_features": 3}]},
                                 "loss": "CrossEntropyLoss",
                                 "features": [{"type": "numeric", "column": "x"}],
                                 "target": {"column": "y", "task": "classification", "classes": %s}}
                                """
                                        .formatted(classes)));
        return ((ImportRequest.Own) request.source()).target();
    }
}
