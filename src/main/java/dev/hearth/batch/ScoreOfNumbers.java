package dev.hearth.batch;

import dev.hearth.dataset.Values;
import dev.hearth.serving.Prediction;
import dev.hearth.spec.Evaluation;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.Objective;
import dev.hearth.torchscript.Measurements;
import dev.hearth.torchscript.Sums;
import dev.hearth.train.Evaluator;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The errors of numbers, and of parts of a whole: of all columns, and of each of several. */
final class ScoreOfNumbers implements Score {

    private final Objective objective;
    private final List<Values> targets;
    private long rows;

    /** Sums of each column. */
    private final double[] absolute;

    private final double[] squared;

    /** Of each column's targets: the mean so far, and Σ(y − ȳ)² about it. */
    private final double[] mean;

    private final double[] variation;

    ScoreOfNumbers(Objective objective, List<Values> targets) {
        this.objective = objective;
        this.targets = targets;
        this.absolute = new double[targets.size()];
        this.squared = new double[targets.size()];
        this.mean = new double[targets.size()];
        this.variation = new double[targets.size()];
    }

    @Override
    public void add(long row, Prediction prediction) {
        if (targets.stream().anyMatch(values -> values.missingAt(row))) {
            return;
        }
        rows++;
        for (int i = 0; i < targets.size(); i++) {
            double actual = actual(targets.get(i).at(row));
            double error = predicted(prediction, i) - actual;
            absolute[i] += Math.abs(error);
            squared[i] += error * error;
            // Welford's way, which needs no second look at the rows.
            double before = actual - mean[i];
            mean[i] += before / rows;
            variation[i] += before * (actual - mean[i]);
        }
    }

    /** As the model says it. */
    private double actual(double value) {
        return objective.loss() instanceof LossSpec.KLDivLoss kl && kl.logTarget()
                ? Math.exp(value)
                : value;
    }

    private double predicted(Prediction prediction, int target) {
        String name = objective.targets().get(target);
        Double value =
                prediction.probabilities() != null
                        ? prediction.probabilities().get(name)
                        : prediction.values() != null
                                ? prediction.values().get(name)
                                : prediction.value();
        return Objects.requireNonNull(value, name);
    }

    @Override
    public Batch.Scores scores() {
        // JSON has no infinity, and a sum that is one says nothing.
        if (rows == 0
                || !Double.isFinite(Arrays.stream(squared).sum())
                || !Double.isFinite(Arrays.stream(variation).sum())) {
            return Batch.Scores.NONE;
        }
        var sums =
                new Sums(
                        rows,
                        rows,
                        0,
                        0,
                        Arrays.stream(absolute).sum() / targets.size(),
                        Arrays.stream(squared).sum() / targets.size());
        var measured =
                new Measurements(
                        sums,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new double[][] {absolute, squared}));
        Evaluation evaluation =
                new Evaluator(objective, List.of())
                        .evaluate(
                                measured,
                                Arrays.stream(variation).boxed().toList(),
                                targets.size());
        return new Batch.Scores(
                evaluation.metrics(),
                List.of(),
                Objects.requireNonNullElse(evaluation.targets(), List.of()));
    }
}
