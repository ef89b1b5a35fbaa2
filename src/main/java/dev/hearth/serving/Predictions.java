package dev.hearth.serving;

import dev.hearth.model.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

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

    private static Prediction prediction(Target target, float[] output, int first) {
        return switch (target.task()) {
            case REGRESSION -> new Prediction(null, null, (double) output[first]);
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
        };
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
        return new Prediction(target.label(best), byClass, null);
    }
}
