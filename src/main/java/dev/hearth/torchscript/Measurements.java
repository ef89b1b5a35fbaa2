package dev.hearth.torchscript;

import java.util.Optional;

/**
 * What an evaluation found out: as much of it as was asked for.
 *
 * @param tallies {@code [3][classes]}: rows of the class, said to be, and both; of several labels
 *     {@code [3][labels]}
 * @param confusion {@code [classes][classes]}: rows by class and by what they are said to be
 * @param ranks {@code [classes]}: rows whose class is the most probable one, the second, …
 * @param errors {@code [2][targets]}: sums of absolute and of squared errors
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record Measurements(
        Sums sums,
        Optional<long[][]> tallies,
        Optional<long[][]> confusion,
        Optional<long[]> ranks,
        Optional<Scored> scored,
        Optional<double[][]> errors) {

    /**
     * What a model says of rows, and what is so.
     *
     * @param scores {@code [rows, width]}, row-major: probabilities of classes or labels; of two
     *     classes one number that is greater for the second
     * @param truth {@code [rows]} indices of classes, or {@code [rows, width]} above 0.5 for yes
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Scored(float[] scores, double[] truth, int width) {}
}
