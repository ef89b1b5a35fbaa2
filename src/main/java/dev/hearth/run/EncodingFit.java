package dev.hearth.run;

import dev.hearth.dataset.Column;
import dev.hearth.dataset.ColumnType;
import dev.hearth.dataset.Table;
import dev.hearth.dataset.Values;
import dev.hearth.problem.JsonPointer;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.ColumnStep;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.SpecErrors;
import dev.hearth.spec.TrainingSpec.Preprocessing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Learns the preprocessing of columns, from the training rows alone. */
final class EncodingFit {

    private EncodingFit() {}

    /** Notes steps that do not fit their column, or have none among the inputs. */
    static void check(List<Column> columns, Preprocessing preprocessing, SpecErrors errors) {
        preprocessing
                .columns()
                .forEach((name, steps) -> {
                    String pointer = pointer(name);
                    Optional<Column> found =
                            columns.stream()
                                    .filter(column -> column.name().equals(name))
                                    .findFirst();
                    if (found.isEmpty()) {
                        errors.add(
                                pointer,
                                "column '%s' is no input of the model; the inputs are %s"
                                        .formatted(
                                                name, columns.stream().map(Column::name).toList()));
                        return;
                    }
                    boolean categories = steps.stream().anyMatch(ColumnStep::takesCategory);
                    ColumnType type = found.get().type();
                    boolean fits =
                            switch (type) {
                                case NUMERIC, INTEGER -> !categories;
                                case CATEGORICAL -> categories;
                                case BOOLEAN, TEXT, IMAGE, TENSOR -> false;
                            };
                    if (!fits) {
                        errors.add(
                                pointer,
                                ("column '%s' is %s; OneHot and Ordinal take categorical columns,"
                                                + " the other steps numeric and integer ones; leave it out"
                                                + " here")
                                        .formatted(name, type.wireName()));
                    }
                });
    }

    /** Where a column's steps are written. */
    static String pointer(String column) {
        return "/preprocessing/columns/" + JsonPointer.escaped(column);
    }

    /** The encoding's form, before any statistics are known: what a check needs. */
    static Encoding unfitted(List<Column> columns, Preprocessing preprocessing) {
        return new Encoding(
                columns.stream().map(column -> unfitted(column, preprocessing)).toList());
    }

    /** A feature's form, before any statistics are known. */
    static Encoding.Feature unfitted(Column column, Preprocessing preprocessing) {
        return feature(column, preprocessing, 0, 1);
    }

    /**
     * Learns what stands for missing values, and of the values that are then there means and
     * standard deviations (of the population, as scikit-learn's {@code StandardScaler}); a constant
     * column keeps a deviation of 1.
     *
     * @param rows the training rows
     */
    static Encoding fit(
            List<Column> columns, Preprocessing preprocessing, Table table, long[] rows) {
        var features = new ArrayList<Encoding.Feature>();
        var fills = new LinkedHashMap<String, Double>();
        for (Column column : columns) {
            Values values = filled(column, preprocessing, table, rows);
            if (values instanceof FillFit.Filled filled) {
                fills.put(column.name(), filled.fill());
            }
            features.add(fit(column, preprocessing, values, rows));
        }
        return new Encoding(features, fills);
    }

    /** A column's values, none of them missing. */
    static Values filled(Column column, Preprocessing preprocessing, Table table, long[] rows) {
        Values values = table.values(column.name());
        OptionalDouble fill = FillFit.fit(column, preprocessing, values, rows);
        return fill.isPresent() ? new FillFit.Filled(values, fill.getAsDouble()) : values;
    }

    private static Encoding.Feature fit(
            Column column, Preprocessing preprocessing, Values values, long[] rows) {
        Optional<List<ColumnStep>> steps = preprocessing.steps(column.name());
        if (!column.type().isNumber() || !(steps.isPresent() || preprocessing.standardize())) {
            return unfitted(column, preprocessing);
        }
        if (steps.isPresent()) {
            double[] numbers = Arrays.stream(rows).mapToDouble(values::at).toArray();
            return new Encoding.Scaled(
                    column.name(), ColumnFit.fit(column.name(), steps.get(), numbers));
        }
        var moments = Moments.of(rows.length, i -> values.at(rows[i]));
        if (!Double.isFinite(moments.std())) {
            throw new ProblemException(
                    ProblemCode.INVALID_SPECIFICATION,
                    ("column '%s' cannot be standardised: its values are so large that their"
                                    + " variance overflows; scale them, or leave the column out of /features")
                            .formatted(column.name()));
        }
        return feature(column, preprocessing, moments.mean(), moments.divisor());
    }

    private static Encoding.Feature feature(
            Column column, Preprocessing preprocessing, double mean, double std) {
        Optional<List<ColumnStep>> steps = preprocessing.steps(column.name());
        return switch (column.type()) {
            case NUMERIC, INTEGER -> {
                if (steps.isPresent()) {
                    yield new Encoding.Scaled(column.name(), List.of());
                }
                yield preprocessing.standardize()
                        ? new Encoding.Standardized(column.name(), mean, std)
                        : new Encoding.Numeric(column.name());
            }
            case BOOLEAN -> new Encoding.Flag(column.name());
            case CATEGORICAL ->
                    steps.map(own -> own.contains(new ColumnStep.OneHot()))
                                    .orElse(preprocessing.oneHot())
                            ? new Encoding.OneHot(column.name(), column.categories())
                            : new Encoding.Ordinal(column.name(), column.categories());
            case TEXT, IMAGE, TENSOR ->
                    throw new IllegalArgumentException(
                            "column '%s' is %s".formatted(column.name(), column.type().wireName()));
        };
    }
}
