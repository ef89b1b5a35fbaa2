package dev.hearth.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reads what {@link EvaluationCompiler#evaluate} answers.
 *
 * @param asked in order
 * @param answer what was measured, and a tensor for each that was asked for
 * @param targets of the same rows
 */
record MeasurementReader(List<Need> asked, NDList answer, NDArray targets, Losses losses) {

    /**
     * @param rows of each mini-batch
     */
    Measurements read(long[] rows) {
        return new Measurements(
                Sums.of(losses, answer.get(0).toDoubleArray(), rows),
                find(Need.TALLIES).map(MeasurementReader::counts),
                find(Need.CONFUSION).map(MeasurementReader::counts),
                find(Need.RANKS).map(NDArray::toLongArray),
                find(Need.SCORES).map(this::scored),
                find(Need.ERRORS).map(MeasurementReader::sums));
    }

    private Optional<NDArray> find(Need need) {
        int place = asked.indexOf(need);
        return place < 0 ? Optional.empty() : Optional.of(answer.get(1 + place));
    }

    private static long[][] counts(NDArray matrix) {
        long[] flat = matrix.toLongArray();
        int width = (int) matrix.size(1);
        return IntStream.range(0, (int) matrix.size(0))
                .mapToObj(i -> Arrays.copyOfRange(flat, i * width, (i + 1) * width))
                .toArray(long[][]::new);
    }

    private static double[][] sums(NDArray matrix) {
        double[] flat = matrix.toDoubleArray();
        int width = (int) matrix.size(1);
        return IntStream.range(0, (int) matrix.size(0))
                .mapToObj(i -> Arrays.copyOfRange(flat, i * width, (i + 1) * width))
                .toArray(double[][]::new);
    }

    private Measurements.Scored scored(NDArray scores) {
        double[] truth =
                targets.getDataType() == DataType.INT64
                        ? Arrays.stream(targets.toLongArray()).asDoubleStream().toArray()
                        : widened(targets.toFloatArray());
        return new Measurements.Scored(scores.toFloatArray(), truth, (int) scores.size(1));
    }

    private static double[] widened(float[] values) {
        var doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }
}
