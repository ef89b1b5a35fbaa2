package dev.hearth.train;

import dev.hearth.torchscript.TrainingProgram;
import java.util.List;

/**
 * A part of the data, ready for the program.
 *
 * @param targetVariations Σ(y − ȳ)² of each target; empty for classes
 */
public record Split(TrainingProgram.Rows rows, List<Double> targetVariations) {

    public Split {
        targetVariations = List.copyOf(targetVariations);
    }

    /** The mean of the targets; 0 for classes. */
    double meanVariation() {
        return mean(targetVariations);
    }

    static double mean(List<Double> targetVariations) {
        return targetVariations.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }
}
