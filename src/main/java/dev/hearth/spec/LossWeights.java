package dev.hearth.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What weights by name, or balanced ones, come to for the training rows.
 *
 * @param names of the classes, or of the target columns, in the order of the model's outputs
 * @param counts how many training rows have each class, or say yes in each column
 * @param rows how many training rows there are
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record LossWeights(List<String> names, long[] counts, long rows) {

    /**
     * The loss with a weight for each of the model's outputs, as PyTorch takes them.
     *
     * @param outputs of the model, which may be more than there are classes
     */
    public LossSpec resolve(LossSpec loss, long outputs) {
        Optional<Weights> weights = loss.weights();
        if (weights.isEmpty()) {
            return loss;
        }
        List<Double> values =
                switch (weights.get()) {
                    case Weights.Listed(List<Double> listed) -> listed;
                    case Weights.Named named -> names.stream().map(named::of).toList();
                    case Weights.Balanced _ -> balanced(loss);
                };
        if (loss instanceof LossSpec.BCEWithLogitsLoss) {
            return loss.withWeights(values);
        }
        var padded = new ArrayList<>(values);
        while (padded.size() < outputs) {
            padded.add(1.0);
        }
        return loss.withWeights(padded);
    }

    private List<Double> balanced(LossSpec loss) {
        return loss instanceof LossSpec.BCEWithLogitsLoss ? positive() : byClass(loss.ignored());
    }

    /** As many as there are noes for each yes; 1 where nothing says yes. */
    private List<Double> positive() {
        var values = new ArrayList<Double>();
        for (long yes : counts) {
            values.add(yes == 0 ? 1 : (double) (rows - yes) / yes);
        }
        return values;
    }

    /** scikit-learn's n / (classes · count), of the classes that occur; 1 for the others. */
    private List<Double> byClass(int ignored) {
        long occurring = 0;
        long counted = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0 && i != ignored) {
                occurring++;
                counted += counts[i];
            }
        }
        var values = new ArrayList<Double>();
        for (int i = 0; i < counts.length; i++) {
            values.add(
                    counts[i] == 0 || i == ignored
                            ? 1
                            : (double) counted / (occurring * counts[i]));
        }
        return values;
    }
}
