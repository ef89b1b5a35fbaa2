package dev.hearth.batch;

import dev.hearth.dataset.Values;
import dev.hearth.serving.Prediction;
import dev.hearth.spec.Evaluation;
import dev.hearth.spec.Objective;
import dev.hearth.torchscript.Measurements;
import dev.hearth.torchscript.Sums;
import dev.hearth.train.Evaluator;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** How well yes and no are told apart: in all of several columns, and in each of them. */
final class ScoreOfLabels implements Score {

    /**
     * Rows times labels; more scores are not kept, and there is no ROC AUC. They take 12 bytes
     * each, and a prediction's memory does not grow with its data set.
     */
    static final int MOST_SCORES = 1_000_000;

    private static final double YES = 0.5;

    private final Objective objective;
    private final List<Values> targets;
    private long rows;
    private long right;

    /** As {@link Measurements#tallies}. */
    private final long[][] tallies;

    private boolean areScoresKept = true;
    private int scored;
    private float[] scores = new float[0];
    private double[] truth = new double[0];

    ScoreOfLabels(Objective objective, List<Values> targets) {
        this.objective = objective;
        this.targets = targets;
        this.tallies = new long[3][targets.size()];
    }

    @Override
    public void add(long row, Prediction prediction) {
        if (!targets.stream().allMatch(values -> isYesOrNo(values, row))) {
            return;
        }
        Map<String, Double> probabilities = Objects.requireNonNull(prediction.probabilities());
        keepScores();
        boolean allRight = true;
        for (int i = 0; i < targets.size(); i++) {
            double probability =
                    Objects.requireNonNull(probabilities.get(objective.targets().get(i)));
            boolean said = probability > YES;
            boolean so = targets.get(i).at(row) > YES;
            tallies[0][i] += so ? 1 : 0;
            tallies[1][i] += said ? 1 : 0;
            tallies[2][i] += so && said ? 1 : 0;
            allRight &= so == said;
            if (areScoresKept) {
                scores[scored] = (float) probability;
                truth[scored++] = so ? 1 : 0;
            }
        }
        rows++;
        right += allRight ? 1 : 0;
    }

    /** Other whole numbers than 0 and 1 say neither. */
    private static boolean isYesOrNo(Values values, long row) {
        return !values.missingAt(row) && (values.at(row) == 0 || values.at(row) == 1);
    }

    /** Makes room for those of one row, as far as that may be. */
    private void keepScores() {
        int needed = scored + targets.size();
        if (areScoresKept && needed > MOST_SCORES) {
            areScoresKept = false;
            scores = new float[0];
            truth = new double[0];
        } else if (areScoresKept && needed > scores.length) {
            int room = Math.min(MOST_SCORES, Math.max(needed, 2 * scores.length));
            scores = Arrays.copyOf(scores, room);
            truth = Arrays.copyOf(truth, room);
        }
    }

    @Override
    public Batch.Scores scores() {
        if (rows == 0) {
            return Batch.Scores.NONE;
        }
        var measured =
                new Measurements(
                        new Sums(rows, rows, 0, right, 0, 0),
                        Optional.of(tallies),
                        Optional.empty(),
                        Optional.empty(),
                        areScoresKept
                                ? Optional.of(
                                        new Measurements.Scored(
                                                Arrays.copyOf(scores, scored),
                                                Arrays.copyOf(truth, scored),
                                                targets.size()))
                                : Optional.empty(),
                        Optional.empty());
        Evaluation evaluation =
                new Evaluator(objective, List.of()).evaluate(measured, List.of(), targets.size());
        return new Batch.Scores(
                evaluation.metrics(),
                Objects.requireNonNullElse(evaluation.labels(), List.of()),
                List.of());
    }
}
