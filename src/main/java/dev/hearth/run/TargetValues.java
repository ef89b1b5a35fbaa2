package dev.hearth.run;

import dev.hearth.dataset.Column;
import dev.hearth.dataset.ColumnType;
import dev.hearth.dataset.Table;
import dev.hearth.dataset.Values;
import dev.hearth.model.Target;
import dev.hearth.spec.TargetColumn;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** A column to predict, row by row. */
final class TargetValues {

    /** A whole-number column with more distinct values than this is a measurement, not a class. */
    private static final int MOST_CLASSES = 10_000;

    private final Column column;
    private final Values values;

    /** The value that stands for each class, ascending; empty where values are no classes. */
    private final double[] classValues;

    private TargetValues(Column column, Values values, double[] classValues) {
        this.column = column;
        this.values = values;
        this.classValues = classValues;
    }

    static TargetValues of(Column column, Table table) {
        Values values = table.values(column.name());
        double[] classes =
                switch (column.type()) {
                    case CATEGORICAL ->
                            IntStream.range(0, column.categories().size())
                                    .asDoubleStream()
                                    .toArray();
                    case BOOLEAN -> new double[] {0, 1};
                    case INTEGER -> distinct(values, table.rows());
                    case NUMERIC, TEXT, IMAGE, TENSOR -> new double[0];
                };
        return new TargetValues(column, values, classes);
    }

    private static double[] distinct(Values values, long rows) {
        var distinct = new TreeSet<Double>();
        for (long row = 0; row < rows; row++) {
            distinct.add(values.at(row));
            if (distinct.size() > MOST_CLASSES) {
                return new double[0];
            }
        }
        return distinct.stream().mapToDouble(Double::doubleValue).toArray();
    }

    Values values() {
        return values;
    }

    boolean hasClasses() {
        return classValues.length > 0;
    }

    /** As the check of the loss wants it. */
    TargetColumn describe() {
        return new TargetColumn(
                column.name(),
                TargetColumn.Kind.valueOf(column.type().name()),
                classValues.length == 0 ? OptionalInt.empty() : OptionalInt.of(classValues.length),
                classes());
    }

    /** The index of a row's class. */
    int classAt(long row) {
        return Arrays.binarySearch(classValues, values.at(row));
    }

    /** 1 for yes, or the second class; 0 otherwise. */
    int yesAt(long row) {
        return column.type() == ColumnType.CATEGORICAL || classValues.length == 2
                ? classAt(row)
                : (int) values.at(row);
    }

    String name() {
        return column.name();
    }

    /** How a class, or a value, is written. */
    Target.Kind kind() {
        return switch (column.type()) {
            case NUMERIC -> Target.Kind.NUMBER;
            case INTEGER -> Target.Kind.INTEGER;
            case BOOLEAN -> Target.Kind.BOOLEAN;
            case CATEGORICAL, TEXT, IMAGE, TENSOR -> Target.Kind.CATEGORY;
        };
    }

    List<String> classes() {
        return switch (column.type()) {
            case CATEGORICAL -> column.categories();
            case BOOLEAN -> List.of("false", "true");
            case INTEGER ->
                    Arrays.stream(classValues).mapToObj(v -> String.valueOf((long) v)).toList();
            case NUMERIC, TEXT, IMAGE, TENSOR -> List.of();
        };
    }
}
