package dev.hearth.serving;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model says of one row.
 *
 * @param label the class: the most probable one, or the one that distance or likeness tells; null
 *     for numbers and several columns
 * @param labels of several columns that say yes or no, what each says; null otherwise
 * @param probabilities by class, adding up to 1; of several columns that say yes or no, that of yes
 *     in each; of a distribution each column's part; null for numbers
 * @param value of the one column, in its unit, or the distance or likeness that tells the class;
 *     null otherwise
 * @param values of several columns of numbers, each in its unit; null otherwise
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Prediction(
        @Nullable Object label,
        @Nullable Map<String, Object> labels,
        @Nullable Map<String, Double> probabilities,
        @Nullable Double value,
        @Nullable Map<String, Double> values) {

    static Prediction ofClass(Object label, Map<String, Double> probabilities) {
        return new Prediction(label, null, probabilities, null, null);
    }

    static Prediction ofLabels(Map<String, Object> labels, Map<String, Double> probabilities) {
        return new Prediction(null, labels, probabilities, null, null);
    }

    static Prediction ofDistribution(Map<String, Double> parts) {
        return new Prediction(null, null, parts, null, null);
    }

    static Prediction ofMeasure(Object label, double value) {
        return new Prediction(label, null, null, value, null);
    }

    static Prediction ofValue(double value) {
        return new Prediction(null, null, null, value, null);
    }

    static Prediction ofValues(Map<String, Double> values) {
        return new Prediction(null, null, null, null, values);
    }
}
