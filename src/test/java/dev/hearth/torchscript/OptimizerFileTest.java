package dev.hearth.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.VocabularyCase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The file of an optimiser's state, against files that {@code src/test/oracle/optimizer_files.py}
 * has loaded into PyTorch's own optimisers and trained on with. Run with {@code
 * -Dhearth.optimizer.files=FOLDER} to have files made there, for that script to check anew.
 */
class OptimizerFileTest {

    private static final String PROPERTY = "hearth.optimizer.files";
    private static final Path GOLDEN = Path.of("src/test/resources/optimizer");

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "optimizers/SGD",
                "optimizers/SGD-nesterov",
                "optimizers/Adam-amsgrad",
                "optimizers/AdamW",
                "optimizers/NAdam-decoupled",
                "optimizers/RAdam",
                "optimizers/RMSprop-centered-momentum",
                "optimizers/Adagrad-options",
                "optimizers/Adadelta",
                "optimizers/Adamax",
                "optimization/groups",
                "optimization/groups-nadam",
                "optimization/freeze-groups",
                "schedules/StepLR",
                "schedules/OneCycleLR-adam",
                "schedules/OneCycleLR-groups",
                "schedules/CyclicLR-triangular2",
                "schedules/ReduceLROnPlateau"
            })
    void theFileIsTheOneThatPyTorchLoads(String name) throws IOException {
        VocabularyCase which =
                VocabularyCase.all().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
        var trained = new VocabularyPrograms(which, which.expected()).train(10, folder);
        var file = new ByteArrayOutputStream();
        trained.optimizer().writePt(file);

        String made = System.getProperty(PROPERTY);
        if (made != null) {
            Path path = Path.of(made).resolve(name + ".pt");
            Files.createDirectories(path.getParent());
            Files.write(path, file.toByteArray());
        }
        assertThat(file.toByteArray()).isEqualTo(Files.readAllBytes(GOLDEN.resolve(name + ".pt")));
    }
}
