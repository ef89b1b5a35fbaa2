package dev.hearth.spec;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import dev.hearth.spec.TrainingRequest.Purpose;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Specifications for tests, and what is said of them. */
final class Specs {

    static final JsonMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    private static final SpecReader READER = new SpecReader(Limits.DEFAULT);

    private Specs() {}

    static TrainingRequest read(String json, Purpose purpose) {
        return READER.read(JSON.readTree(json), purpose);
    }

    /** A check of these layers, without a data set. */
    static TrainingRequest layers(String layers) {
        return read(withLayers(layers), Purpose.CHECK);
    }

    static String withLayers(String layers) {
        return """
        {"input_shape": [4], "model": {"layers": [%s]}, "loss": "MSELoss", "optimizer": "SGD"}\
        """
                .formatted(layers);
    }

    /** A good check with further fields, such as {@code "epochs": 3}. */
    static String with(String fields) {
        return """
        {"model": {"layers": [{"type": "Linear", "in_features": 4, "out_features": 3}]},
         "loss": "CrossEntropyLoss", "optimizer": "Adam", %s}\
        """
                .formatted(fields);
    }

    static String withLoss(String loss) {
        return with("\"seed\": 0").replace("\"CrossEntropyLoss\"", loss);
    }

    static String withOptimizer(String optimizer) {
        return with("\"seed\": 0").replace("\"Adam\"", optimizer);
    }

    static List<String> errorsOfLayers(String layers) {
        return errors(withLayers(layers));
    }

    static List<String> errors(String json) {
        return errors(() -> read(json, Purpose.CHECK));
    }

    /** Each as {@code pointer: message}. */
    static List<String> errors(ThrowingCallable call) {
        return lines(problem(call).violations());
    }

    static ProblemException problem(ThrowingCallable call) {
        return catchThrowableOfType(ProblemException.class, call);
    }

    static List<String> lines(List<Violation> violations) {
        return violations.stream()
                .map(violation -> violation.pointer() + ": " + violation.message())
                .toList();
    }
}
