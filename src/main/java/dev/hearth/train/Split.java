package dev.hearth.train;

import dev.hearth.torchscript.TrainingProgram;

/**
 * A part of the data, ready for the program.
 *
 * @param targetVariation Σ(y − ȳ)² of the targets; 0 for classes
 */
public record Split(TrainingProgram.Rows rows, double targetVariation) {}
