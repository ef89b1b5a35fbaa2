package dev.hearth.spec;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** What classes, or targets, count in a loss. */
public sealed interface Weights {

    /** In the order of the classes or targets; a single one is for all. */
    record Listed(List<Double> values) implements Weights {
        public Listed {
            values = List.copyOf(values);
            values.forEach(Weights::require);
        }
    }

    /** By name; 1 for those that are not named. */
    record Named(SequencedMap<String, Double> values) implements Weights {
        public Named {
            values.values().forEach(Weights::require);
        }

        double of(String name) {
            return ((Map<String, Double>) values).getOrDefault(name, 1.0);
        }
    }

    /** From how often each occurs in the training rows, so that all count the same. */
    record Balanced() implements Weights {}

    private static void require(double weight) {
        if (!(weight >= 0 && weight <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("weight " + weight);
        }
    }
}
