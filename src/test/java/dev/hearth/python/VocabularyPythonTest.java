package dev.hearth.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.VocabularyCase;
import dev.hearth.spec.Limits;
import dev.hearth.spec.ModelPlan;
import dev.hearth.spec.ModelPlanner;
import dev.hearth.spec.SpecReader;
import dev.hearth.spec.TrainingRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every word about models can be written as Python. With {@code -Dhearth.python.modules=FOLDER} the
 * files are kept, and {@code src/test/oracle/modules.py FOLDER} lets PyTorch build what they say.
 */
class VocabularyPythonTest {

    static Stream<VocabularyCase> models() {
        return VocabularyCase.all()
                .filter(each ->
                        List.of("layers", "operations", "initializers").contains(each.family()));
    }

    @ParameterizedTest
    @MethodSource("models")
    void aModelIsWritten(VocabularyCase which) throws IOException {
        TrainingRequest request =
                new SpecReader(Limits.DEFAULT)
                        .read(which.specification(), TrainingRequest.Purpose.CHECK);
        ModelPlan plan =
                new ModelPlanner(Limits.DEFAULT)
                        .plan(request.spec().model(), request.inputShape().orElseThrow(), "/model");
        var file = new PythonFile(List.of("The model of " + which.name() + "."));
        String model = InitCode.define(plan, new LayerCode(file).define(plan), file);

        String source =
                file.text(
                        "SEED = %d\nmodel = %s".formatted(request.spec().schedule().seed(), model));

        assertThat(source).contains("nn.");
        String folder = System.getProperty("hearth.python.modules", "");
        if (!folder.isEmpty()) {
            Files.createDirectories(Path.of(folder));
            Files.writeString(Path.of(folder, which.name().replace('/', '.') + ".py"), source);
        }
    }
}
