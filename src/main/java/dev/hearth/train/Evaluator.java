package dev.hearth.train;

import dev.hearth.spec.Evaluation;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.Metric;
import dev.hearth.spec.Metric.Plain;
import dev.hearth.spec.Objective;
import dev.hearth.torchscript.Measurements;
import dev.hearth.torchscript.Need;
import dev.hearth.torchscript.TrainingProgram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a trained model once and in all ways that suit it.
 *
 * @param classes the classes' names in the order of the outputs; empty where there are none
 */
public record Evaluator(Objective objective, List<String> classes) {

    /** More scores than these are not kept, so there is no ROC AUC: they would take 400 MB. */
    public static final long MOST_SCORES = 100_000_000;

    public Evaluator {
        classes = List.copyOf(classes);
    }

    /**
     * Evaluates the held-out rows that are bound to {@code program}.
     *
     * @param outputs of the model
     */
    public Evaluation evaluate(TrainingProgram program, Split heldOut, long outputs) {
        Set<Need> needs = EnumSet.allOf(Need.class);
        if (!areScoresFew(heldOut.rows().rows(), outputs)) {
            needs.remove(Need.SCORES);
        }
        Measurements measured = program.evaluate(Training.EVALUATION_BATCH, needs);
        Scores scores =
                new Scoring(objective).of(measured, heldOut.meanVariation(), metrics(outputs));
        return evaluation(
                measured, heldOut.rows().rows(), heldOut.targetVariations(), scores.values());
    }

    /**
     * The same of what was found out without a training program, and so without a loss.
     *
     * @param targetVariations Σ(y − ȳ)² of each target over the rows; empty for classes and labels
     * @param outputs of the model
     */
    public Evaluation evaluate(Measurements measured, List<Double> targetVariations, long outputs) {
        return evaluation(
                measured,
                measured.sums().rows(),
                targetVariations,
                new Scoring(objective)
                        .metrics(measured, Split.mean(targetVariations), metrics(outputs)));
    }

    private Evaluation evaluation(
            Measurements measured,
            long rows,
            List<Double> targetVariations,
            Map<String, Double> metrics) {
        return new Evaluation(
                rows,
                metrics,
                objective.task().hasClasses() ? classScores(measured) : null,
                objective.task() == LossSpec.Task.MULTI_LABEL ? labelScores(measured) : null,
                objective.targets().size() > 1
                        ? measured.errors()
                                .map(errors -> targetScores(errors, rows, targetVariations))
                                .orElse(null)
                        : null,
                measured.confusion().map(this::confusion).orElse(null));
    }

    /** Whether ROC AUC can be told of so many rows. */
    public static boolean areScoresFew(long rows, long outputs) {
        return rows <= MOST_SCORES / outputs;
    }

    /** Those that were asked for, and all others that suit the model. */
    private List<Metric> metrics(long outputs) {
        var metrics = new LinkedHashSet<Metric>(objective.measured());
        for (Plain metric : Plain.values()) {
            if (metric.suits(objective.task())) {
                metrics.add(metric);
            }
        }
        if (objective.task() == LossSpec.Task.CLASSIFICATION && outputs > 5) {
            metrics.add(new Metric.TopAccuracy(5));
        }
        return List.copyOf(metrics);
    }

    private OptionalDouble[] rocAuc(Measurements measured, int size) {
        OptionalDouble[] each =
                measured.scored()
                        .map(scored -> RocAuc.each(scored, objective.loss().ignored()))
                        .orElseGet(() -> new OptionalDouble[0]);
        // Of two classes there is one score, which tells both from each other.
        return IntStream.range(0, size)
                .mapToObj(i ->
                        each.length == 0
                                ? OptionalDouble.empty()
                                : each[Math.min(i, each.length - 1)])
                .toArray(OptionalDouble[]::new);
    }

    private @Nullable List<Evaluation.ClassScore> classScores(Measurements measured) {
        Optional<Tallies> found = measured.tallies().map(Tallies::of);
        if (found.isEmpty()) {
            return null;
        }
        Tallies tallies = found.get();
        OptionalDouble[] areas = rocAuc(measured, tallies.support().length);
        return IntStream.range(0, tallies.support().length)
                .mapToObj(i ->
                        new Evaluation.ClassScore(
                                name(i),
                                tallies.precision(i),
                                tallies.recall(i),
                                tallies.f1(i),
                                tallies.support()[i],
                                nullable(areas[i])))
                .toList();
    }

    private @Nullable List<Evaluation.LabelScore> labelScores(Measurements measured) {
        Optional<Tallies> found = measured.tallies().map(Tallies::of);
        if (found.isEmpty()) {
            return null;
        }
        Tallies tallies = found.get();
        double rows = measured.sums().rows();
        OptionalDouble[] areas = rocAuc(measured, tallies.support().length);
        return IntStream.range(0, objective.targets().size())
                .mapToObj(i -> {
                    long wrong = tallies.support()[i] + tallies.said()[i] - 2 * tallies.both()[i];
                    return new Evaluation.LabelScore(
                            objective.targets().get(i),
                            1 - wrong / rows,
                            tallies.precision(i),
                            tallies.recall(i),
                            tallies.f1(i),
                            tallies.support()[i],
                            nullable(areas[i]));
                })
                .toList();
    }

    private List<Evaluation.TargetScore> targetScores(
            double[][] errors, long count, List<Double> variations) {
        double rows = count;
        var scores = new ArrayList<Evaluation.TargetScore>();
        for (int i = 0; i < objective.targets().size(); i++) {
            double variation = variations.get(i);
            scores.add(
                    new Evaluation.TargetScore(
                            objective.targets().get(i),
                            errors[0][i] / rows,
                            Math.sqrt(errors[1][i] / rows),
                            variation > 0 ? 1 - errors[1][i] / variation : null));
        }
        return scores;
    }

    private Evaluation.Confusion confusion(long[][] counts) {
        return new Evaluation.Confusion(
                IntStream.range(0, counts.length).mapToObj(this::name).toList(),
                Arrays.stream(counts).map(row -> Arrays.stream(row).boxed().toList()).toList());
    }

    /** A model may have more outputs than there are classes. */
    private String name(int index) {
        return index < classes.size() ? classes.get(index) : "output " + index;
    }

    private static @Nullable Double nullable(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }
}
