package dev.hearth.python;

import dev.hearth.python.Expression.Text;
import dev.hearth.spec.TargetColumn;
import java.util.List;

/**
 * The columns that a model predicts.
 *
 * @param kind of the only column, or what is written for several
 * @param classes in the order of the model's outputs, as text; empty for numbers and several
 *     columns
 */
public record PythonTarget(List<String> columns, TargetColumn.Kind kind, List<String> classes) {

    public PythonTarget {
        columns = List.copyOf(columns);
        classes = List.copyOf(classes);
    }

    public PythonTarget(String column, TargetColumn.Kind kind, List<String> classes) {
        this(List.of(column), kind, classes);
    }

    boolean isOne() {
        return columns.size() == 1;
    }

    /** Writes {@code TARGET} or {@code TARGETS}. */
    void define(PythonFile file) {
        if (isOne()) {
            file.constant("TARGET", new Text(Literal.of(columns.getFirst())));
        } else {
            file.constant("TARGETS", Expression.strings(columns));
        }
    }

    /** The classes as a list of Python values. */
    Expression classList() {
        return switch (kind) {
            case INTEGER, NUMERIC -> Expression.longs(classes.stream().mapToLong(Long::parseLong));
            case BOOLEAN -> Expression.of("[False, True]");
            case CATEGORICAL, TEXT -> Expression.strings(classes);
        };
    }

    private static final String FIGURE =
            """
            def figure(text):
                \"""A cell as a number: false is 0, and true is 1.\"""
                word = text.strip().lower()
                return float({"true": 1, "false": 0}.get(word, word))
            """;

    /** The value in a row that {@code csv.DictReader} gives, as an expression. */
    String cell(PythonFile file) {
        if (!isOne()) {
            file.define("figure", FIGURE);
            return "[figure(row[name]) for name in TARGETS]";
        }
        return switch (kind) {
            case NUMERIC -> "float(row[TARGET])";
            case INTEGER -> classes.isEmpty() ? "float(row[TARGET])" : "int(row[TARGET])";
            case BOOLEAN -> "row[TARGET].strip().lower() == \"true\"";
            case CATEGORICAL, TEXT -> "row[TARGET]";
        };
    }
}
