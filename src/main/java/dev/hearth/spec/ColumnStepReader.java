package dev.hearth.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads {@code preprocessing.columns}: for each column a step, or the list of its steps. */
final class ColumnStepReader {

    private static final int MOST_STEPS = 32;
    private static final Types<Kind> KINDS = new Types<>("preprocessing step", kinds());

    private final SpecErrors errors;

    ColumnStepReader(SpecErrors errors) {
        this.errors = errors;
    }

    private record Kind(List<String> fields, Form form) {}

    private interface Form {
        Optional<ColumnStep> read(Fields fields);
    }

    private static Map<String, Kind> kinds() {
        var kinds = new LinkedHashMap<String, Kind>();
        kinds.put(
                "StandardScaler",
                new Kind(
                        List.of("with_mean", "with_std"),
                        fields ->
                                Optional.of(
                                        new ColumnStep.StandardScaler(
                                                fields.bool("with_mean", true),
                                                fields.bool("with_std", true)))));
        kinds.put(
                "MinMaxScaler",
                new Kind(
                        List.of("feature_range"),
                        fields ->
                                ascending(fields, "feature_range", 0, 1)
                                        .map(ends ->
                                                new ColumnStep.MinMaxScaler(
                                                        ends.low(), ends.high()))));
        kinds.put(
                "RobustScaler",
                new Kind(
                        List.of("with_centering", "with_scaling", "quantile_range"),
                        ColumnStepReader::robust));
        kinds.put("Log1p", new Kind(List.of(), _ -> Optional.of(new ColumnStep.Log1p())));
        kinds.put("Clip", new Kind(List.of("min", "max"), ColumnStepReader::clip));
        kinds.put("OneHot", new Kind(List.of(), _ -> Optional.of(new ColumnStep.OneHot())));
        kinds.put("Ordinal", new Kind(List.of(), _ -> Optional.of(new ColumnStep.Ordinal())));
        return kinds;
    }

    /** Every step's name and every field of one. */
    static Stream<String> vocabulary() {
        return kinds().entrySet().stream()
                .flatMap(kind ->
                        Stream.concat(Stream.of(kind.getKey()), kind.getValue().fields().stream()));
    }

    /** By column name, in the order in which they are written. */
    Map<String, List<ColumnStep>> read(JsonNode node, String pointer) {
        var columns = new LinkedHashMap<String, List<ColumnStep>>();
        if (!node.isObject()) {
            new Values(errors).wrongType("an object of columns and their steps", node, pointer);
            return columns;
        }
        for (String column : node.propertyNames()) {
            columns.put(column, steps(node.path(column), Pointers.field(pointer, column)));
        }
        return columns;
    }

    private List<ColumnStep> steps(JsonNode node, String pointer) {
        if (!node.isArray()) {
            return step(node, pointer).stream().toList();
        }
        if (node.size() > MOST_STEPS) {
            errors.add(
                    pointer,
                    "expected at most %d steps, got %d".formatted(MOST_STEPS, node.size()));
            return List.of();
        }
        var steps = new ArrayList<ColumnStep>();
        for (int i = 0; i < node.size(); i++) {
            String place = Pointers.element(pointer, i);
            Optional<ColumnStep> step = step(node.get(i), place);
            if (step.filter(ColumnStep::takesCategory).isPresent() && node.size() > 1) {
                errors.add(
                        place,
                        "it takes categories and goes alone; leave the other steps of the column"
                                + " out");
            }
            step.ifPresent(steps::add);
        }
        return steps;
    }

    private Optional<ColumnStep> step(JsonNode node, String pointer) {
        var named = KINDS.ofNameOrObject(node, pointer, errors);
        if (named.isEmpty()) {
            return Optional.empty();
        }
        Kind kind = named.get().form();
        JsonNode object = node.isObject() ? node : JsonNodeFactory.instance.objectNode();
        return Fields.open(
                        object, pointer, named.get().name(), Types.withType(kind.fields()), errors)
                .flatMap(fields -> kind.form().read(fields).filter(_ -> !fields.failed()));
    }

    private static Optional<ColumnStep> robust(Fields fields) {
        Optional<Ends> quantiles = ascending(fields, "quantile_range", 25, 75);
        if (quantiles.filter(ends -> ends.low() < 0 || ends.high() > 100).isPresent()) {
            fields.reject("quantile_range", "expected percentages from 0 to 100");
            return Optional.empty();
        }
        boolean centers = fields.bool("with_centering", true);
        boolean scales = fields.bool("with_scaling", true);
        return quantiles.map(
                ends -> new ColumnStep.RobustScaler(centers, scales, ends.low(), ends.high()));
    }

    private static Optional<ColumnStep> clip(Fields fields) {
        if (!fields.has("min") && !fields.has("max")) {
            fields.required("min", "write min, max or both");
        }
        double min = fields.number("min", Values.Range.ANY, -Double.MAX_VALUE);
        double max = fields.number("max", Values.Range.ANY, Double.MAX_VALUE);
        if (!fields.failed() && min > max) {
            fields.reject("max", "expected at least min, which is %s, got %s".formatted(min, max));
        }
        return fields.failed() ? Optional.empty() : Optional.of(new ColumnStep.Clip(min, max));
    }

    private record Ends(double low, double high) {}

    private static Optional<Ends> ascending(Fields fields, String name, double low, double high) {
        if (!fields.has(name)) {
            return Optional.of(new Ends(low, high));
        }
        List<Double> ends =
                fields.list(
                                name,
                                "[lowest, highest]",
                                (values, element, pointer) -> {
                                    OptionalDouble end =
                                            values.number(element, pointer, Values.Range.ANY);
                                    return end.isPresent()
                                            ? Optional.of(end.getAsDouble())
                                            : Optional.empty();
                                })
                        .orElse(List.of());
        if (fields.failed()) {
            return Optional.empty();
        }
        if (ends.size() != 2
                || ends.get(0) >= ends.get(1)
                || !Double.isFinite(ends.get(1) - ends.get(0))) {
            fields.reject(name, "expected [lowest, highest], which differ, got " + ends);
            return Optional.empty();
        }
        return Optional.of(new Ends(ends.get(0), ends.get(1)));
    }
}
