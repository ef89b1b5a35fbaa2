package dev.hearth.run;

import dev.hearth.dataset.Column;
import dev.hearth.dataset.Part;
import dev.hearth.dataset.RowSplit;
import dev.hearth.dataset.Table;
import dev.hearth.dataset.Values;
import dev.hearth.spec.ColumnStep;
import dev.hearth.spec.LearnedStep;
import dev.hearth.spec.SpecErrors;
import dev.hearth.spec.TrainingSpec.Preprocessing;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether the steps of columns have a value for every row of the data, held-out ones included. Only
 * {@code Log1p} has none for some numbers, and what it gets may depend on what the steps before it
 * learned. Rows are counted from 1, as people do.
 */
record StepCheck(Preprocessing preprocessing, Table table, RowSplit split, SpecErrors errors) {

    void check(List<Column> features) {
        for (Column column : features) {
            preprocessing
                    .steps(column.name())
                    .filter(steps -> steps.contains(new ColumnStep.Log1p()))
                    .ifPresent(steps -> check(column, steps));
        }
    }

    private void check(Column column, List<ColumnStep> steps) {
        Values values = EncodingFit.filled(column, preprocessing, table, split.training());
        double[] training = at(values, split.training());
        long[] rows =
                Stream.of(Part.values())
                        .flatMapToLong(part -> Arrays.stream(split.rows(part)))
                        .sorted()
                        .toArray();
        double[] all = at(values, rows);
        for (ColumnStep step : steps) {
            LearnedStep learned;
            try {
                learned = ColumnFit.fit(step, training);
            } catch (IllegalArgumentException e) {
                errors.add(
                        EncodingFit.pointer(column.name()),
                        "%s cannot be learned of the training rows: %s"
                                .formatted(ColumnFit.name(step), e.getMessage()));
                return;
            }
            int first = firstWithout(learned, all);
            if (first >= 0) {
                errors.add(
                        EncodingFit.pointer(column.name()),
                        misfit(step, learned, rows[first], all));
                return;
            }
            apply(learned, training);
            apply(learned, all);
        }
    }

    private static String misfit(ColumnStep step, LearnedStep learned, long row, double[] values) {
        double[] bad =
                Arrays.stream(values)
                        .filter(value -> !Double.isFinite(learned.apply(value)))
                        .toArray();
        return "%s has no value for %s in row %d%s; %sput a Clip before it, or leave it out"
                .formatted(
                        ColumnFit.name(step),
                        bad[0],
                        row + 1,
                        bad.length > 1 ? " (and in %d more)".formatted(bad.length - 1) : "",
                        step instanceof ColumnStep.Log1p ? "it takes numbers above -1; " : "");
    }

    /** The place of the first value that the step has none for; −1 if it has one for all. */
    private static int firstWithout(LearnedStep step, double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(step.apply(values[i]))) {
                return i;
            }
        }
        return -1;
    }

    private static double[] at(Values values, long[] rows) {
        return Arrays.stream(rows).mapToDouble(values::at).toArray();
    }

    private static void apply(LearnedStep step, double[] values) {
        Arrays.setAll(values, i -> step.apply(values[i]));
    }
}
