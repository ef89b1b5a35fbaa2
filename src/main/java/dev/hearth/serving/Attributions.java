package dev.hearth.serving;

import dev.hearth.serving.ScoreFunction.Inputs;
import dev.hearth.torchscript.FloatRows;
import java.util.List;

/**
 * Puts an output down to the numbers of a model's input.
 *
 * @param x what the layers get
 * @param baseline one row, with which integrated gradients and occlusion compare
 * @param explained for each row, which of its outputs
 */
record Attributions(
        ScoreFunction model, FloatRows x, FloatRows baseline, List<ExplainedOutput> explained) {

    /**
     * @param outputs the explained one of each row
     * @param baselineOutputs the same output, at the baseline; empty where there is none
     * @param values in the shape of the input
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    record Attributed(double[] outputs, double[] baselineOutputs, FloatRows values) {}

    Attributed gradients() {
        var values = new float[x.values().length];
        model.gradients(
                itself(),
                x,
                (row, gradients, at) -> {
                    for (int i = 0; i < x.width(); i++) {
                        values[row * x.width() + i] =
                                explained.get(row).factor() * gradients.at(at, i);
                    }
                });
        return new Attributed(outputs(itself()), new double[0], inShape(values));
    }

    /** {@code (x − x′) · ∫ ∂f/∂x (x′ + α (x − x′)) dα} for α from 0 to 1. */
    Attributed integratedGradients(int steps) {
        var rule = GaussLegendre.of(steps);
        var values = new float[x.values().length];
        var sum = new double[x.width()];
        model.gradients(
                path(rule),
                x,
                (index, gradients, at) -> {
                    int row = index / steps;
                    int step = index % steps;
                    for (int i = 0; i < sum.length; i++) {
                        sum[i] =
                                (step == 0 ? 0 : sum[i])
                                        + rule.weights()[step] * gradients.at(at, i);
                    }
                    if (step == steps - 1) {
                        for (int i = 0; i < sum.length; i++) {
                            values[row * x.width() + i] =
                                    (float)
                                            (explained.get(row).factor()
                                                    * sum[i]
                                                    * (x.at(row, i) - baseline.at(0, i)));
                        }
                    }
                });
        return new Attributed(outputs(itself()), outputs(atBaseline()), inShape(values));
    }

    /**
     * How much the output falls where windows are as the baseline is; each number the mean over its
     * windows.
     */
    Attributed occlusion(Windows windows) {
        double[] outputs = outputs(itself());
        var covered = new int[x.width()];
        for (int window = 0; window < windows.count(); window++) {
            for (int place : windows.places(window)) {
                covered[place]++;
            }
        }
        var sums = new double[x.values().length];
        model.outputs(
                occluded(windows),
                x,
                (index, output) -> {
                    int row = index / windows.count();
                    double fall = outputs[row] - explained.get(row).of(output);
                    for (int place : windows.places(index % windows.count())) {
                        sums[row * x.width() + place] += fall;
                    }
                });
        var values = new float[sums.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (sums[i] / covered[i % x.width()]);
        }
        return new Attributed(outputs, new double[0], inShape(values));
    }

    private FloatRows inShape(float[] values) {
        return new FloatRows(values, x.count(), x.shape());
    }

    private double[] outputs(Inputs inputs) {
        var outputs = new double[inputs.count()];
        model.outputs(inputs, x, (row, output) -> outputs[row] = explained.get(row).of(output));
        return outputs;
    }

    /** The rows as they are. */
    private Inputs itself() {
        return inputs(1, (_, _, _, _) -> {});
    }

    private Inputs atBaseline() {
        return inputs(1, (_, values, first, width) -> move(values, first, width, 0));
    }

    private Inputs path(GaussLegendre rule) {
        return inputs(
                rule.points().length,
                (step, values, first, width) ->
                        move(values, first, width, (float) rule.points()[step]));
    }

    private Inputs occluded(Windows windows) {
        return inputs(
                windows.count(),
                (window, values, first, _) -> {
                    for (int place : windows.places(window)) {
                        values[first + place] = baseline.at(0, place);
                    }
                });
    }

    /** To where {@code part} of the way from the baseline is gone. */
    private void move(float[] values, int first, int width, float part) {
        for (int i = 0; i < width; i++) {
            float from = baseline.at(0, i);
            values[first + i] = from + part * (values[first + i] - from);
        }
    }

    /** Changes a row where it stands. */
    @FunctionalInterface
    private interface Change {
        void apply(int number, float[] values, int first, int width);
    }

    /**
     * @param times how many changed ones each row makes
     */
    private Inputs inputs(int times, Change change) {
        return new Inputs() {
            @Override
            public int count() {
                return Math.multiplyExact(x.count(), times);
            }

            @Override
            public void write(int index, float[] values, int first) {
                System.arraycopy(x.values(), index / times * x.width(), values, first, x.width());
                change.apply(index % times, values, first, x.width());
            }

            @Override
            public int output(int index) {
                return explained.get(index / times).index();
            }
        };
    }
}
