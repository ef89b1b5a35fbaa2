package dev.hearth.torchscript;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.spec.Encoding;
import dev.hearth.spec.Limits;
import dev.hearth.spec.ModelPlan;
import dev.hearth.spec.ModelPlanner;
import dev.hearth.spec.SpecReader;
import dev.hearth.spec.TrainingRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What the program counts is what one counts by hand from the scores of each row. */
class EvaluationTest {

    private static final int ROWS = 77;
    private static final int CLASSES = 4;
    private static final int NONE = -100;

    @TempDir Path folder;

    private final Random random = new Random(11);

    /** Evaluates a fresh model on random rows, ten at a time. */
    private Measurements evaluate(String loss, int outputs, ByteBuffer targets, Set<Need> needs)
            throws IOException {
        TrainingRequest request =
                new SpecReader(Limits.DEFAULT)
                        .read(
                                JsonMapper.shared()
                                        .readTree(
                                                """
                                                {"input_shape": [3], "model": {"layers": [
                                                  {"type": "Linear", "out_features": %d}]},
                                                 "loss": %s, "optimizer": "SGD"}
                                                """
                                                        .formatted(outputs, loss)),
                                TrainingRequest.Purpose.CHECK);
        ModelPlan plan =
                new ModelPlanner(Limits.DEFAULT)
                        .plan(request.spec().model(), request.inputShape().orElseThrow(), "/model");
        var source =
                new TrainingProgram.Source(
                        plan,
                        new Encoding(List.of(new Encoding.Numeric("x"))),
                        request.spec().loss(),
                        request.spec().optimization(),
                        new TrainingProgram.Batches(10, false, false));
        var features = floats(ROWS * 3);
        for (int i = 0; i < ROWS * 3; i++) {
            features.putFloat(random.nextInt(-2, 3));
        }
        var rows =
                new TrainingProgram.Rows(
                        write("x", features), write("y", targets), Optional.empty(), ROWS);
        try (var program = TrainingProgram.load(source, "cpu")) {
            program.initialize(1);
            program.bind(rows, Optional.of(rows));
            return program.evaluate(10, needs);
        }
    }

    private Path write(String name, ByteBuffer values) throws IOException {
        Path file = folder.resolve(name);
        try (var out = Files.newByteChannel(file, CREATE, WRITE)) {
            out.write(values.flip());
        }
        return file;
    }

    private static ByteBuffer floats(int count) {
        return ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer randomClasses() {
        var targets = ByteBuffer.allocate(ROWS * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < ROWS; i++) {
            targets.putLong(random.nextInt(CLASSES));
        }
        return targets;
    }

    private ByteBuffer randomFlags(int width) {
        var targets = floats(ROWS * width);
        for (int i = 0; i < ROWS * width; i++) {
            targets.putFloat(random.nextInt(2));
        }
        return targets;
    }

    @ParameterizedTest
    @ValueSource(ints = {NONE, 2})
    void classesAreCounted(int ignored) throws IOException {
        Measurements measured =
                evaluate(
                        "{\"type\": \"CrossEntropyLoss\", \"ignore_index\": %d}".formatted(ignored),
                        CLASSES,
                        randomClasses(),
                        EnumSet.allOf(Need.class));

        Measurements.Scored scored = measured.scored().orElseThrow();
        var confusion = new long[CLASSES][CLASSES];
        var tallies = new long[3][CLASSES];
        var ranks = new long[CLASSES];
        int counted = 0;
        int correct = 0;
        for (int row = 0; row < ROWS; row++) {
            int so = (int) scored.truth()[row];
            if (so == ignored) {
                continue;
            }
            int rank = 0;
            int said = 0;
            for (int i = 0; i < CLASSES; i++) {
                float score = scored.scores()[row * CLASSES + i];
                float own = scored.scores()[row * CLASSES + so];
                said = score > scored.scores()[row * CLASSES + said] ? i : said;
                rank += score > own || (score == own && i < so) ? 1 : 0;
            }
            counted++;
            correct += said == so ? 1 : 0;
            confusion[so][said]++;
            tallies[0][so]++;
            tallies[1][said]++;
            tallies[2][so] += said == so ? 1 : 0;
            ranks[rank]++;
        }
        assertThat(measured.confusion().orElseThrow()).isDeepEqualTo(confusion);
        assertThat(measured.tallies().orElseThrow()).isDeepEqualTo(tallies);
        assertThat(measured.ranks()).contains(ranks);
        assertThat(measured.sums().rows()).isEqualTo(ROWS);
        assertThat(measured.sums().counted()).isEqualTo(counted);
        assertThat(measured.sums().correct()).isEqualTo(correct);
        assertThat(measured.errors()).isEmpty();
    }

    @Test
    void labelsAreCountedEachOnItsOwn() throws IOException {
        Measurements measured =
                evaluate("\"BCEWithLogitsLoss\"", 3, randomFlags(3), EnumSet.allOf(Need.class));

        Measurements.Scored scored = measured.scored().orElseThrow();
        var tallies = new long[3][3];
        int allRight = 0;
        for (int row = 0; row < ROWS; row++) {
            boolean right = true;
            for (int i = 0; i < 3; i++) {
                boolean so = scored.truth()[row * 3 + i] == 1;
                boolean said = scored.scores()[row * 3 + i] > 0.5;
                tallies[0][i] += so ? 1 : 0;
                tallies[1][i] += said ? 1 : 0;
                tallies[2][i] += so && said ? 1 : 0;
                right &= so == said;
            }
            allRight += right ? 1 : 0;
        }
        assertThat(measured.tallies().orElseThrow()).isDeepEqualTo(tallies);
        assertThat(measured.sums().correct()).isEqualTo(allRight);
        assertThat(measured.confusion()).isEmpty();
        assertThat(measured.ranks()).isEmpty();
    }

    @Test
    void oneOutputTellsTwoClasses() throws IOException {
        Measurements measured =
                evaluate(
                        "\"BCEWithLogitsLoss\"",
                        1,
                        randomFlags(1),
                        EnumSet.of(Need.CONFUSION, Need.SCORES));

        Measurements.Scored scored = measured.scored().orElseThrow();
        var confusion = new long[2][2];
        for (int row = 0; row < ROWS; row++) {
            confusion[(int) scored.truth()[row]][scored.scores()[row] > 0.5 ? 1 : 0]++;
        }
        assertThat(measured.confusion().orElseThrow()).isDeepEqualTo(confusion);
        assertThat(measured.tallies()).as("not asked for").isEmpty();
    }

    @Test
    void errorsOfEachTargetAddUpToTheMeanOfAll() throws IOException {
        Measurements measured = evaluate("\"L1Loss\"", 2, randomFlags(2), EnumSet.of(Need.ERRORS));

        double[][] errors = measured.errors().orElseThrow();
        assertThat((errors[0][0] + errors[0][1]) / 2)
                .isCloseTo(measured.sums().absoluteError(), within(1e-4));
        assertThat((errors[1][0] + errors[1][1]) / 2)
                .isCloseTo(measured.sums().squaredError(), within(1e-4));
        assertThat(measured.sums().meanLoss())
                .isCloseTo(measured.sums().absoluteError() / ROWS, within(1e-6));
        assertThat(measured.scored()).isEmpty();
    }
}
