package dev.hearth.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a row is known to be answered with; what is not named may be anything. The names are those
 * of {@link Prediction}.
 *
 * @param label of the class
 * @param labels by column, of several columns that say yes or no
 * @param probabilities by class or column
 * @param value of one column of numbers
 * @param values by column, of several
 * @param closeness of numbers
 */
record Expectation(
        Optional<Object> label,
        Map<String, Object> labels,
        Map<String, Double> probabilities,
        Optional<Double> value,
        Map<String, Double> values,
        Closeness closeness) {

    Expectation {
        labels = Map.copyOf(labels);
        probabilities = Map.copyOf(probabilities);
        values = Map.copyOf(values);
    }

    /** In what an answer differs, such as {@code label: expected setosa, got virginica}. */
    Optional<String> difference(Prediction got) {
        var differences = new ArrayList<String>();
        label.filter(each -> !each.equals(got.label()))
                .ifPresent(each -> differences.add(text("label", each, got.label())));
        differences.addAll(differences("labels", labels, got.labels()));
        differences.addAll(far("probabilities", probabilities, got.probabilities()));
        value.filter(each -> got.value() == null || !closeness.holds(each, got.value()))
                .ifPresent(each -> differences.add(number("value", each, got.value())));
        differences.addAll(far("values", values, got.values()));
        return differences.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join("; ", differences));
    }

    private static List<String> differences(
            String field,
            Map<String, Object> expected,
            @Nullable Map<String, Object> got) {
        return expected.entrySet().stream()
                .filter(each -> got == null || !each.getValue().equals(got.get(each.getKey())))
                .sorted(Map.Entry.comparingByKey())
                .map(each ->
                        text(
                                field + "/" + each.getKey(),
                                each.getValue(),
                                got == null ? null : got.get(each.getKey())))
                .toList();
    }

    private List<String> far(
            String field,
            Map<String, Double> expected,
            @Nullable Map<String, Double> got) {
        var far = new ArrayList<String>();
        expected.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> {
                    Double there = got == null ? null : got.get(each.getKey());
                    if (there == null || !closeness.holds(each.getValue(), there)) {
                        far.add(number(field + "/" + each.getKey(), each.getValue(), there));
                    }
                });
        return far;
    }

    private static String text(
            String field, Object expected, @Nullable Object got) {
        return "%s: expected %s, got %s".formatted(field, expected, got == null ? "none" : got);
    }

    private String number(
            String field, double expected, @Nullable Double got) {
        return "%s: expected %s ± %s, got %s"
                .formatted(
                        field,
                        expected,
                        closeness.allowed(expected),
                        got == null ? "none" : got);
    }
}
