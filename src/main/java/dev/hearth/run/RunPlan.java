package dev.hearth.run;

import dev.hearth.dataset.Dataset;
import dev.hearth.dataset.RowSplit;
import dev.hearth.dataset.Table;
import dev.hearth.problem.Violation;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.Limits;
import dev.hearth.spec.ModelCheck;
import dev.hearth.spec.Shape;
import dev.hearth.spec.SpecErrors;
import dev.hearth.spec.TrainingSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A specification and a data set that fit each other.
 *
 * @param warnings what is legal and yet probably not meant
 */
record RunPlan(
        ChosenColumns columns,
        TargetValues target,
        RowSplit split,
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
        TargetValues target = TargetValues.of(columns.target(), table);
        RowSplit split = split(spec, target, table.rows());
        Encoding encoding = EncodingFit.unfitted(columns.features(), spec.preprocessing());
        var data =
                new ModelCheck.Data(
                        Shape.of(encoding.width()),
                        OptionalLong.of(split.training().length),
                        Optional.of(target.describe()),
                        Optional.of(encoding));
        ModelCheck.Checked checked = new ModelCheck(Limits.DEFAULT).check(spec, data);
        return new RunPlan(
                columns,
                target,
                split,
                checked,
                Stream.concat(warnings.stream(), checked.warnings().stream()).toList());
    }

    /** Whether each class holds out the same fraction of its rows. */
    static boolean isStratified(TrainingSpec spec, TargetValues target) {
        return spec.split().stratify().orElse(spec.loss().task().hasClasses())
                && target.hasClasses();
    }

    private static RowSplit split(TrainingSpec spec, TargetValues target, long rows) {
        double fraction = spec.split().validation();
        if (!isStratified(spec, target)) {
            return RowSplit.random(rows, fraction, spec.schedule().seed());
        }
        var classOfRow = new int[Math.toIntExact(rows)];
        for (int row = 0; row < classOfRow.length; row++) {
            classOfRow[row] = target.classAt(row);
        }
        return RowSplit.stratified(classOfRow, fraction, spec.schedule().seed());
    }

    /** Rows of a mini-batch. */
    long batchSize(TrainingSpec spec) {
        return Math.min(
                spec.schedule().batchSize().orElse(Integer.MAX_VALUE), split.training().length);
    }
}
