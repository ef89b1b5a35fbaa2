package dev.hearth.serving;

import dev.hearth.model.Target;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which classes a prediction names: the most probable ones, in falling order, or all of them in the
 * model's order.
 *
 * @param most how many; 0 for all
 */
record TopClasses(int most) {

    private static final TopClasses ALL = new TopClasses(0);

    /**
     * @param asked how many a client asks for, at least 1; more than there are is all of them; null
     *     where it does not ask
     * @throws ProblemException INVALID_PARAMETER if it asks for none; INVALID_INPUT if the model
     *     tells no probabilities of classes
     */
    static TopClasses of(@Nullable Integer asked, Target target) {
        if (asked == null) {
            return ALL;
        }
        if (asked < 1) {
            throw ProblemException.at(
                    ProblemCode.INVALID_PARAMETER,
                    "top_k",
                    "expected how many of the most probable classes to name, at least 1, got "
                            + asked);
        }
        boolean hasClasses =
                switch (target.task()) {
                    case CLASSIFICATION, BINARY_CLASSIFICATION -> true;
                    case REGRESSION, DISTRIBUTION, MULTI_LABEL, SIMILARITY -> false;
                };
        if (!hasClasses) {
            throw ProblemException.at(
                    ProblemCode.INVALID_INPUT,
                    "top_k",
                    "the model tells no probabilities of classes of one column; leave top_k out");
        }
        return new TopClasses(asked);
    }

    boolean isAll() {
        return most == 0;
    }

    List<Prediction> of(List<Prediction> predictions) {
        return isAll() ? predictions : predictions.stream().map(this::top).toList();
    }

    private Prediction top(Prediction prediction) {
        var probabilities = prediction.probabilities();
        var label = prediction.label();
        if (probabilities == null || label == null) {
            throw new IllegalArgumentException("no probabilities of classes in " + prediction);
        }
        // Equal ones keep their order, of which the first is the label.
        var top = new LinkedHashMap<String, Double>();
        probabilities.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
                .limit(most)
                .forEach(entry -> top.put(entry.getKey(), entry.getValue()));
        return Prediction.ofClass(label, top);
    }
}
