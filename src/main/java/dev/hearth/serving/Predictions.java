package dev.hearth.serving;

import dev.hearth.model.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a model's output: probabilities of classes, or values. */
final class Predictions {

    private Predictions() {}

    /**
     * @param output {@code [rows, outputs]}, row-major
     */
    static List<Prediction> of(Target target, float[] output, int rows) {
        int width = output.length / rows;
        var predictions = new ArrayList<Prediction>(rows);
        for (int row = 0; row < rows; row++) {
            predictions.add(prediction(target, output, row * width));
        }
        return predictions;
    }

    /** How many outputs a row has. */
    static int width(Target target) {
        return switch (target.task()) {
            case REGRESSION, DISTRIBUTION, MULTI_LABEL -> target.columns().size();
            case BINARY_CLASSIFICATION -> 1;
            case CLASSIFICATION -> target.classes().size();
            case SIMILARITY -> 2;
        };
    }

    private static Prediction prediction(Target target, float[] output, int first) {
        return switch (target.task()) {
            case REGRESSION ->
                    target.columns().size() == 1
                            ? Prediction.ofValue(output[first])
                            : Prediction.ofValues(byColumn(target, output, first));
            case DISTRIBUTION -> Prediction.ofDistribution(byColumn(target, output, first));
            case BINARY_CLASSIFICATION -> {
                // The one output is the probability of the second class.
                double positive = output[first];
                yield classified(target, new double[] {1 - positive, positive});
            }
            case CLASSIFICATION -> {
                var probabilities = new double[target.classes().size()];
                for (int i = 0; i < probabilities.length; i++) {
                    probabilities[i] = output[first + i];
                }
                yield classified(target, probabilities);
            }
            case MULTI_LABEL -> {
                Map<String, Double> probabilities = byColumn(target, output, first);
                var labels = new LinkedHashMap<String, Object>();
                probabilities.forEach((column, p) -> labels.put(column, target.label(p > 0.5)));
                yield Prediction.ofLabels(labels, probabilities);
            }
            // A distance or a likeness, and the index of the class that it tells.
            case SIMILARITY ->
                    Prediction.ofMeasure(target.label((int) output[first + 1]), output[first]);
        };
    }

    private static Map<String, Double> byColumn(Target target, float[] output, int first) {
        var values = new LinkedHashMap<String, Double>();
        for (int i = 0; i < target.columns().size(); i++) {
            values.put(target.columns().get(i), (double) output[first + i]);
        }
        return values;
    }

    private static Prediction classified(Target target, double[] probabilities) {
        int best = 0;
        var byClass = new LinkedHashMap<String, Double>();
        for (int i = 0; i < probabilities.length; i++) {
            byClass.put(target.classes().get(i), probabilities[i]);
            if (probabilities[i] > probabilities[best]) {
                best = i;
            }
        }
        return Prediction.ofClass(target.label(best), byClass);
    }
}
