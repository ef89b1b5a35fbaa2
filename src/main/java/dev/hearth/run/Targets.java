package dev.hearth.run;

import dev.hearth.dataset.Column;
import dev.hearth.dataset.Table;
import dev.hearth.model.Target;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.LossWeights;
import dev.hearth.spec.TargetColumn;
import java.util.List;
import java.util.stream.LongStream;

/** The columns to predict, row by row. */
record Targets(List<TargetValues> columns) {

    Targets {
        columns = List.copyOf(columns);
    }

    static Targets of(List<Column> columns, Table table) {
        return new Targets(columns.stream().map(column -> TargetValues.of(column, table)).toList());
    }

    List<TargetColumn> describe() {
        return columns.stream().map(TargetValues::describe).toList();
    }

    /** Whether each row has one class. */
    boolean hasClasses() {
        return columns.size() == 1 && columns.getFirst().hasClasses();
    }

    /** The classes of the only column; empty where there are several. */
    List<String> classes() {
        return columns.size() == 1 ? columns.getFirst().classes() : List.of();
    }

    int classAt(long row) {
        return columns.getFirst().classAt(row);
    }

    /** What the model predicts, for those who read its answers. */
    Target target(LossSpec.Task task) {
        return new Target(
                columns.stream().map(TargetValues::name).toList(),
                task,
                kind(),
                task.hasClasses() ? classes() : List.of());
    }

    private Target.Kind kind() {
        List<Target.Kind> kinds = columns.stream().map(TargetValues::kind).distinct().toList();
        if (kinds.size() == 1) {
            return kinds.getFirst();
        }
        return kinds.contains(Target.Kind.NUMBER) ? Target.Kind.NUMBER : Target.Kind.INTEGER;
    }

    /**
     * The loss with its weights by name, and its balanced ones, counted out.
     *
     * @param rows the training rows
     * @param outputs of the model
     */
    LossSpec resolve(LossSpec loss, long[] rows, long outputs) {
        if (loss.weights().isEmpty()) {
            return loss;
        }
        if (loss.task(columns.size()) == LossSpec.Task.CLASSIFICATION) {
            var counts = new long[classes().size()];
            for (long row : rows) {
                counts[classAt(row)]++;
            }
            return new LossWeights(classes(), counts, rows.length).resolve(loss, outputs);
        }
        long[] yes =
                columns.stream()
                        .mapToLong(column ->
                                LongStream.of(rows).filter(row -> column.yesAt(row) == 1).count())
                        .toArray();
        List<String> names = columns.stream().map(TargetValues::name).toList();
        return new LossWeights(names, yes, rows.length).resolve(loss, outputs);
    }
}
