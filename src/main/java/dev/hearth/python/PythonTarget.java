package dev.hearth.python;

import dev.hearth.spec.TargetColumn;
import java.util.List;

/**
 * The column that a model predicts.
 *
 * @param classes in the order of the model's outputs, as text; empty for a regression
 */
public record PythonTarget(String column, TargetColumn.Kind kind, List<String> classes) {

    public PythonTarget {
        classes = List.copyOf(classes);
    }

    /** The classes as a list of Python values. */
    Expression classList() {
        return switch (kind) {
            case INTEGER, NUMERIC -> Expression.longs(classes.stream().mapToLong(Long::parseLong));
            case BOOLEAN -> Expression.of("[False, True]");
            case CATEGORICAL, TEXT -> Expression.strings(classes);
        };
    }

    /** The value in a row that {@code csv.DictReader} gives, as an expression. */
    String cell() {
        return switch (kind) {
            case NUMERIC -> "float(row[TARGET])";
            case INTEGER -> classes.isEmpty() ? "float(row[TARGET])" : "int(row[TARGET])";
            case BOOLEAN -> "row[TARGET].strip().lower() == \"true\"";
            case CATEGORICAL, TEXT -> "row[TARGET]";
        };
    }
}
