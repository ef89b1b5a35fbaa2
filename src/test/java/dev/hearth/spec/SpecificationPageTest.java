package dev.hearth.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.problem.ProblemCode;
import dev.hearth.spec.ModelCheck.Data;
import dev.hearth.spec.TrainingRequest.Purpose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The page that explains the language says what the code does. */
class SpecificationPageTest {

    private static final Pattern JSON_BLOCK = Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL);

    private static String page() throws IOException {
        return Files.readString(Path.of("docs/specification.md"));
    }

    /** Example, custom modules, wrong example, answer to that, in this order. */
    private static List<JsonNode> examples() throws IOException {
        return JSON_BLOCK
                .matcher(page())
                .results()
                .map(block -> Specs.JSON.readTree(block.group(1)))
                .toList();
    }

    @Test
    void everyNameOfTheLanguageIsOnThePage() throws IOException {
        String page = page();

        assertThat(
                        Stream.of(
                                        Vocabulary.fieldNames(),
                                        LayerReader.vocabulary().keySet().stream(),
                                        InitializationReader.vocabulary().keySet().stream(),
                                        OpReader.vocabulary().keySet().stream(),
                                        LossReader.names().stream(),
                                        Stream.of(Metric.Plain.values()).map(Metric::wireName),
                                        Stream.of(Metric.TOP),
                                        OptimizerReader.vocabulary().keySet().stream(),
                                        TransformReader.names().stream(),
                                        SchedulerReader.names().stream())
                                .flatMap(names -> names))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }

    @Test
    void everyBoundIsOnThePage() throws IOException {
        assertThat(page())
                .contains(
                        Wording.number(SpecReader.MAX_EPOCHS),
                        Wording.number(SpecReader.MAX_BATCH_SIZE),
                        "1 to " + Wording.number(OptimizationReader.MAX_ACCUMULATE),
                        "most " + OptimizerReader.MAX_GROUPS + " groups",
                        "1 to " + Wording.number(SchedulerReader.MAX_TABLE) + " numbers",
                        Wording.number(ContainerReader.MAX_LAYERS) + " layers",
                        Wording.number(ContainerReader.MAX_NODES) + " nodes",
                        "nested " + ContainerReader.MAX_DEPTH + " deep",
                        "1 to " + SpecReader.MAX_INPUT_DIMENSIONS + " whole numbers",
                        "At most " + TransformReader.MAX_TRANSFORMS,
                        "first " + SpecErrors.LISTED,
                        Wording.number(Limits.DEFAULT.maxParameters()),
                        Wording.number(Limits.DEFAULT.maxActivationElements()));
    }

    @Test
    void theExampleIsValid() throws IOException {
        TrainingRequest request =
                new SpecReader(Limits.DEFAULT).read(examples().getFirst(), Purpose.RUN);
        var target = new TargetColumn("species", TargetColumn.Kind.CATEGORICAL, OptionalInt.of(3));
        var data = new Data(Shape.of(4), OptionalLong.of(120), List.of(target));

        assertThat(new ModelCheck(Limits.DEFAULT).check(request.spec(), data).warnings()).isEmpty();
    }

    @Test
    void theExampleOfCustomModulesIsValid() throws IOException {
        TrainingRequest request =
                new SpecReader(Limits.DEFAULT).read(examples().get(1), Purpose.RUN);
        var columns =
                new Encoding(
                        request.spec().features().stream()
                                .<Encoding.Feature>map(Encoding.Numeric::new)
                                .toList());
        var target = new TargetColumn("match", TargetColumn.Kind.BOOLEAN, OptionalInt.of(2));
        var data =
                new Data(Shape.of(6), OptionalLong.of(120), List.of(target), Optional.of(columns));

        var checked = new ModelCheck(Limits.DEFAULT).check(request.spec(), data);

        assertThat(checked.warnings()).isEmpty();
        assertThat(checked.plan().layers().map(ModelPlan.Layer::path))
                .containsExactly(
                        "",
                        "encoder",
                        "encoder.0",
                        "encoder.1",
                        "blocks",
                        "blocks.0",
                        "blocks.0.fc",
                        "blocks.1",
                        "blocks.1.fc",
                        "blocks.2",
                        "blocks.2.fc",
                        "head");
    }

    @Test
    void theWrongExampleGetsTheAnswerThatIsShown() throws IOException {
        JsonNode wrong = examples().get(2);
        JsonNode answer = examples().get(3);

        var problem = Specs.problem(() -> new SpecReader(Limits.DEFAULT).read(wrong, Purpose.RUN));

        assertThat(answer.get("type").stringValue())
                .endsWith(ProblemCode.INVALID_SPECIFICATION.slug());
        assertThat(answer.get("title").stringValue())
                .isEqualTo(ProblemCode.INVALID_SPECIFICATION.title());
        assertThat(answer.get("detail").stringValue()).isEqualTo(problem.detail());
        assertThat(answer.get("errors")).isEqualTo(Specs.JSON.valueToTree(problem.violations()));
    }
}
