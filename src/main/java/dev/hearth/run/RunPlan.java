package dev.hearth.run;

import dev.hearth.dataset.Dataset;
import dev.hearth.dataset.Part;
import dev.hearth.dataset.RowSplit;
import dev.hearth.dataset.Table;
import dev.hearth.problem.Violation;
import dev.hearth.python.PythonSplit;
import dev.hearth.spec.BlockShapes;
import dev.hearth.spec.InputForm;
import dev.hearth.spec.Limits;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.Metric;
import dev.hearth.spec.ModelCheck;
import dev.hearth.spec.SpecErrors;
import dev.hearth.spec.TrainingSpec;
import dev.hearth.train.Evaluator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A specification and a data set that fit each other.
 *
 * @param pythonSplit how a script splits the rows likewise
 * @param warnings what is legal and yet probably not meant
 */
record RunPlan(
        ChosenColumns columns,
        Targets targets,
        RowSplit split,
        PythonSplit pythonSplit,
        ModelCheck.Checked checked,
        List<Violation> warnings) {

    /**
     * Looks at everything that can be known before training.
     *
     * @throws dev.hearth.problem.ProblemException with all that does not fit
     */
    static RunPlan of(TrainingSpec spec, Dataset dataset, Table table) {
        var errors = new SpecErrors();
        var warnings = new ArrayList<Violation>();
        Optional<ChosenColumns> chosen = ChosenColumns.choose(spec, dataset, errors, warnings);
        errors.throwIfAny();
        ChosenColumns columns = chosen.orElseThrow();
        EncodingFit.check(columns.features(), spec.preprocessing(), errors);
        FillFit.check(columns.features(), spec.preprocessing(), errors);
        errors.throwIfAny();
        Targets targets = Targets.of(columns.targets(), table);
        var splitting = new Splitting(spec, dataset, table, targets);
        RowSplit split = splitting.rows();
        InputForm input = ModelInput.unfitted(columns, spec);
        var data =
                new ModelCheck.Data(
                        BlockShapes.of(input, spec.transforms(), errors),
                        OptionalLong.of(split.training().length),
                        targets.describe(),
                        Optional.of(input));
        Optional<ModelCheck.Checked> checked =
                new ModelCheck(Limits.DEFAULT).check(spec, data, errors);
        FillFit.checkRows(
                columns.features(), spec.preprocessing(), table, split.training(), errors);
        if (errors.isEmpty()) {
            new StepCheck(spec.preprocessing(), table, split, errors).check(columns.features());
            new TargetCheck(spec, table, targets, errors).check();
            checkScores(spec, split, checked.orElseThrow(), errors);
        }
        errors.throwIfAny();
        return new RunPlan(
                columns,
                targets,
                split,
                splitting.python(split),
                checked.orElseThrow(),
                Stream.concat(warnings.stream(), checked.orElseThrow().warnings().stream())
                        .toList());
    }

    /** ROC AUC keeps what the model says of every row that is held out. */
    private static void checkScores(
            TrainingSpec spec, RowSplit split, ModelCheck.Checked checked, SpecErrors errors) {
        long rows = Math.max(split.count(Part.VALIDATION), split.count(Part.TEST));
        long outputs = checked.plan().output().last();
        if (spec.objective().metrics().contains(Metric.Plain.ROC_AUC)
                && !Evaluator.areScoresFew(rows, outputs)) {
            errors.add(
                    "/metrics",
                    "roc_auc of %d rows and %d outputs needs more than %d scores; leave it out, or hold out fewer rows"
                            .formatted(rows, outputs, Evaluator.MOST_SCORES));
        }
    }

    /** The loss with its weights counted out, as it is trained. */
    LossSpec loss(TrainingSpec spec) {
        return targets.resolve(spec.loss(), split.training(), checked.plan().output().last());
    }

    /** Rows of a mini-batch. */
    long batchSize(TrainingSpec spec) {
        return Math.min(
                spec.schedule().batchSize().orElse(Integer.MAX_VALUE), split.training().length);
    }
}
