package dev.hearth.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.problem.ProblemException;
import dev.hearth.spec.ColumnStep;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.LearnedStep;
import dev.hearth.spec.Limits;
import dev.hearth.spec.SpecReader;
import dev.hearth.spec.TrainingRequest.Purpose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ColumnFitTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Path SCALERS = Path.of("src/test/resources/scalers.json");

    /** Values of {@code src/test/oracle/scalers.py}; numpy sums in another order. */
    @Test
    void scalersDoWhatScikitLearnDoes() throws IOException {
        JsonNode scalers = JSON.readTree(Files.readString(SCALERS));

        assertThat(scalers.get("cases")).hasSize(63);
        for (JsonNode each : scalers.get("cases")) {
            double[] values = numbers(scalers.get("columns").get(each.get("column").stringValue()));
            double[] raw = values.clone();
            double[] expected = numbers(each.get("out"));

            var scaled =
                    new Encoding.Scaled("x", ColumnFit.fit("x", steps(each.get("step")), values));

            for (int i = 0; i < raw.length; i++) {
                assertThat(scaled.apply(raw[i]))
                        .as("%s of %s", each.get("step"), each.get("column"))
                        .isEqualTo(values[i])
                        .isCloseTo(expected[i], within(1e-9 * (1 + Math.abs(expected[i]))));
            }
        }
    }

    @Test
    void aStepLearnsFromWhatTheStepsBeforeItLeft() {
        double[] values = {0, Math.E - 1, 1e6};

        List<LearnedStep> learned =
                ColumnFit.fit(
                        "income",
                        List.of(
                                new ColumnStep.Log1p(),
                                new ColumnStep.Clip(-1, 4),
                                new ColumnStep.MinMaxScaler(0, 1)),
                        values);

        assertThat(learned)
                .containsExactly(
                        new LearnedStep.Log1p(),
                        new LearnedStep.Clip(-1, 4),
                        new LearnedStep.MinMax(0.25, 0));
        assertThat(values).containsExactly(new double[] {0, 0.25, 1}, within(1e-15));
    }

    @Test
    void aValueWithoutALogarithmIsNamedWithItsColumn() {
        assertThatThrownBy(() ->
                        ColumnFit.fit(
                                "income", List.of(new ColumnStep.Log1p()), new double[] {3, -1}))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("income")
                .hasMessageContaining("-1.0");
    }

    private static List<ColumnStep> steps(JsonNode step) {
        var request = JSON.createObjectNode();
        request.putObject("model")
                .putArray("layers")
                .addObject()
                .put("type", "Linear")
                .put("in_features", 1)
                .put("out_features", 1);
        request.put("loss", "MSELoss").put("optimizer", "SGD");
        request.putObject("preprocessing").putObject("columns").set("x", step);
        return new SpecReader(Limits.DEFAULT)
                .read(request, Purpose.CHECK)
                .spec()
                .preprocessing()
                .steps("x")
                .orElseThrow();
    }

    private static double[] numbers(JsonNode array) {
        return array.valueStream().mapToDouble(JsonNode::doubleValue).toArray();
    }
}
