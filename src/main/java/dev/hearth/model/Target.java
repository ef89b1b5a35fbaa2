package dev.hearth.model;

import dev.hearth.python.PythonTarget;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.TargetColumn;
import java.util.List;

/**
 * What a model predicts.
 *
 * @param columns their names in the data set, in the order of the model's outputs
 * @param kind how a class, or a label, is written in JSON
 * @param classes of the one column, in the order of the model's outputs; empty for numbers and
 *     several columns. The first of two is the negative one where the model has a single output.
 */
public record Target(List<String> columns, LossSpec.Task task, Kind kind, List<String> classes) {

    /** What a class, or a value, is. */
    public enum Kind {
        NUMBER,
        INTEGER,
        BOOLEAN,
        CATEGORY
    }

    public Target {
        columns = List.copyOf(columns);
        classes = List.copyOf(classes);
    }

    /** The same for those who write Python. */
    public PythonTarget python() {
        TargetColumn.Kind columnKind =
                switch (kind) {
                    case NUMBER -> TargetColumn.Kind.NUMERIC;
                    case INTEGER -> TargetColumn.Kind.INTEGER;
                    case BOOLEAN -> TargetColumn.Kind.BOOLEAN;
                    case CATEGORY -> TargetColumn.Kind.CATEGORICAL;
                };
        return new PythonTarget(columns, columnKind, classes);
    }

    /** The class as it is written in JSON: a number, a boolean or a string. */
    public Object label(int index) {
        String name = classes.get(index);
        return switch (kind) {
            case INTEGER -> Long.valueOf(name);
            case BOOLEAN -> Boolean.valueOf(name);
            case NUMBER -> Double.valueOf(name);
            case CATEGORY -> name;
        };
    }

    /** Yes or no as it is written in JSON, for one of several columns. */
    public Object label(boolean yes) {
        return switch (kind) {
            case BOOLEAN -> yes;
            case INTEGER, NUMBER, CATEGORY -> yes ? 1L : 0L;
        };
    }
}
