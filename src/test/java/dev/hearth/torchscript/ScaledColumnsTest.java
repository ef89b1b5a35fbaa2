package dev.hearth.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.spec.Encoding;
import dev.hearth.spec.LearnedStep;
import dev.hearth.spec.Limits;
import dev.hearth.spec.ModelPlanner;
import dev.hearth.spec.SpecReader;
import dev.hearth.spec.TrainingRequest.Purpose;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ScaledColumnsTest {

    private static final Encoding.Scaled AGE =
            new Encoding.Scaled(
                    "age",
                    List.of(
                            new LearnedStep.Log1p(),
                            new LearnedStep.Clip(-Double.MAX_VALUE, 3),
                            new LearnedStep.MinMax(1e-5, -1e22),
                            new LearnedStep.Robust(-1e22, 1e-5)));
    private static final Encoding.Scaled INCOME =
            new Encoding.Scaled(
                    "income",
                    List.of(
                            new LearnedStep.Standard(-1.5, 0.3),
                            new LearnedStep.MinMax(0.1, 0.7),
                            new LearnedStep.Clip(-2, 2)));

    @Test
    void theProgramDoesEveryStepBetweenColumnsOfOtherKinds() {
        var encoding =
                new Encoding(
                        List.of(
                                new Encoding.Standardized("a", 1, 2),
                                AGE,
                                new Encoding.OneHot("c", List.of("x", "y")),
                                INCOME,
                                new Encoding.Numeric("b")));
        double[] raw = {3, 0.25, 1, 4, -7, 5, 1e9, 0, -60, 8};

        try (var program = TrainingProgram.load(source(encoding), "cpu")) {
            var inputs = program.preprocess(raw, 2).asFloatBuffer();

            for (int row = 0; row < 2; row++) {
                double[] cells = Arrays.copyOfRange(raw, row * 5, row * 5 + 5);
                double[] expected = {
                    (cells[0] - 1) / 2,
                    AGE.apply(cells[1]),
                    cells[2] == 0 ? 1 : 0,
                    cells[2] == 1 ? 1 : 0,
                    INCOME.apply(cells[3]),
                    cells[4]
                };
                for (double each : expected) {
                    assertThat((double) inputs.get())
                            .isCloseTo((float) each, within(Math.abs(each) * 1e-7));
                }
            }
        }
    }

    @Test
    void missingValuesAreFilledBeforeAnythingElseIsDone() {
        var encoding =
                new Encoding(
                        List.of(
                                new Encoding.Standardized("a", 1, 2),
                                AGE,
                                new Encoding.OneHot("c", List.of("x", "y")),
                                INCOME,
                                new Encoding.Numeric("b")),
                        Map.of("a", 5.0, "age", 0.25, "c", 1.0));
        double[] raw = {Double.NaN, Double.NaN, Double.NaN, 4, -7, 5, 0.25, 1, 4, -7};

        try (var program = TrainingProgram.load(source(encoding), "cpu")) {
            var inputs = program.preprocess(raw, 2).asFloatBuffer();

            var filled = new float[6];
            var given = new float[6];
            inputs.get(filled).get(given);
            assertThat(filled).isEqualTo(given).doesNotContain(Float.NaN);
            assertThat(filled[0]).isEqualTo(2);
        }
    }

    private static TrainingProgram.Source source(Encoding encoding) {
        var request =
                new SpecReader(Limits.DEFAULT)
                        .read(
                                JsonMapper.shared()
                                        .readTree(
                                                """
                                                {"input_shape": [6], "model": {"layers": [
                                                  {"type": "Linear", "out_features": 1}]},
                                                 "loss": "MSELoss", "optimizer": "SGD"}
                                                """),
                                Purpose.CHECK);
        var plan =
                new ModelPlanner(Limits.DEFAULT)
                        .plan(request.spec().model(), request.inputShape().orElseThrow(), "/model");
        return new TrainingProgram.Source(
                plan,
                encoding,
                request.spec().loss(),
                request.spec().optimization(),
                new TrainingProgram.Batches(10, false, false));
    }
}
