package dev.hearth.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads the steps of a column with what they learned, as a model version shows them. */
final class LearnedStepReader {

    private static final Types<List<String>> KINDS = new Types<>("step", kinds());

    private LearnedStepReader() {}

    private static Map<String, List<String>> kinds() {
        var kinds = new LinkedHashMap<String, List<String>>();
        kinds.put("StandardScaler", List.of("mean", "scale"));
        kinds.put("MinMaxScaler", List.of("scale", "min"));
        kinds.put("RobustScaler", List.of("center", "scale"));
        kinds.put("Log1p", List.of());
        kinds.put("Clip", List.of("min", "max"));
        return kinds;
    }

    /** The field {@code steps}; an error and empty if it is not as it should be. */
    static Optional<List<LearnedStep>> read(Fields fields) {
        fields.required("steps", "list them in the order in which they are done; it may be empty");
        Optional<List<LearnedStep>> steps =
                fields.list(
                        "steps",
                        "an array of steps",
                        (values, node, pointer) -> step(node, pointer, values.errors()));
        return fields.failed() ? Optional.empty() : steps;
    }

    private static Optional<LearnedStep> step(JsonNode node, String pointer, SpecErrors errors) {
        var kind = KINDS.ofObject(node, pointer, errors);
        if (kind.isEmpty()) {
            return Optional.empty();
        }
        String type = kind.get().name();
        List<String> numbers = kind.get().form();
        Optional<Fields> fields = Fields.open(node, pointer, type, Types.withType(numbers), errors);
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        Fields step = fields.get();
        numbers.forEach(number -> step.required(number, "write what the step learned"));
        LearnedStep learned =
                switch (type) {
                    case "StandardScaler" ->
                            new LearnedStep.Standard(number(step, "mean"), scale(step));
                    case "MinMaxScaler" -> new LearnedStep.MinMax(scale(step), number(step, "min"));
                    case "RobustScaler" ->
                            new LearnedStep.Robust(number(step, "center"), scale(step));
                    case "Log1p" -> new LearnedStep.Log1p();
                    default -> clip(step);
                };
        return step.failed() ? Optional.empty() : Optional.of(learned);
    }

    private static LearnedStep clip(Fields step) {
        double min = number(step, "min");
        double max = number(step, "max");
        if (!step.failed() && min > max) {
            step.reject("max", "expected at least min, which is %s, got %s".formatted(min, max));
        }
        return new LearnedStep.Clip(Math.min(min, max), max);
    }

    private static double number(Fields step, String name) {
        return step.number(name, Values.Range.ANY, 0);
    }

    private static double scale(Fields step) {
        return step.number("scale", Values.Range.POSITIVE, 1);
    }
}
