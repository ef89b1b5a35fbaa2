package dev.hearth.run;

import dev.hearth.dataset.Column;
import dev.hearth.dataset.Table;
import dev.hearth.dataset.Values;
import dev.hearth.missing.MissingPolicy;
import dev.hearth.problem.JsonPointer;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.SpecErrors;
import dev.hearth.spec.TrainingSpec.Preprocessing;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What stands for the missing values of the inputs, learned from the training rows alone, as
 * scikit-learn's {@code SimpleImputer} does.
 */
final class FillFit {

    private FillFit() {}

    /** The run's policy for a column, or else its data set's. */
    static MissingPolicy policy(Column column, Preprocessing preprocessing) {
        return preprocessing.missing().getOrDefault(column.name(), column.policy());
    }

    /** By column, where missing values are filled. */
    static Map<String, MissingPolicy> policies(List<Column> columns, Preprocessing preprocessing) {
        var policies = new LinkedHashMap<String, MissingPolicy>();
        for (Column column : columns) {
            MissingPolicy policy = policy(column, preprocessing);
            if (policy.fills()) {
                policies.put(column.name(), policy);
            }
        }
        return policies;
    }

    static String pointer(String column) {
        return "/preprocessing/missing/" + JsonPointer.escaped(column);
    }

    /** Notes policies that do not fit their column, or have none among the inputs. */
    static void check(List<Column> columns, Preprocessing preprocessing, SpecErrors errors) {
        preprocessing
                .missing()
                .forEach((name, policy) ->
                        columns.stream()
                                .filter(column -> column.name().equals(name))
                                .findFirst()
                                .ifPresentOrElse(
                                        column -> check(column, policy, preprocessing, errors),
                                        () ->
                                                errors.add(
                                                        pointer(name),
                                                        "column '%s' is no input of the model; the inputs are %s"
                                                                .formatted(
                                                                        name,
                                                                        columns.stream()
                                                                                .limit(50)
                                                                                .map(Column::name)
                                                                                .toList()))));
    }

    private static void check(
            Column column, MissingPolicy policy, Preprocessing preprocessing, SpecErrors errors) {
        if (column.block().isPresent()) {
            if (policy.fills()) {
                errors.add(
                        pointer(column.name()),
                        "column '%s' is %s, of which none is missing; leave it out here"
                                .formatted(column.name(), column.type().wireName()));
            }
        } else if (policy.strategy().needsNumbers() && !column.type().isNumber()) {
            errors.add(
                    pointer(column.name()),
                    "column '%s' is %s, and %s takes numbers; write most_frequent or constant"
                            .formatted(
                                    column.name(),
                                    column.type().wireName(),
                                    policy.strategy().wireName()));
        } else if (policy.fillValue().isPresent()
                && constant(column, policy, preprocessing).isEmpty()) {
            errors.add(
                    pointer(column.name()) + "/fill_value",
                    "'%s' cannot be a value of column '%s', which is %s"
                            .formatted(policy.fillValue().get(), column.name(), described(column)));
        }
    }

    private static String described(Column column) {
        return switch (column.type()) {
            case CATEGORICAL ->
                    "categorical; its categories are %s%s; to add one, declare the policy, or the categories, in the data set's options"
                            .formatted(
                                    column.categories().stream().limit(20).toList(),
                                    column.categories().size() > 20
                                            ? " and %d more"
                                                    .formatted(column.categories().size() - 20)
                                            : "");
            case BOOLEAN -> "boolean; expected true or false";
            case NUMERIC, INTEGER -> column.type().wireName() + "; expected a number";
            case TEXT, IMAGE, TENSOR -> column.type().wireName();
        };
    }

    private static OptionalDouble constant(
            Column column, MissingPolicy policy, Preprocessing preprocessing) {
        return EncodingFit.unfitted(column, preprocessing).raw(policy.fillValue().orElseThrow());
    }

    /** Notes columns of which no training row has a value that could be learned from. */
    static void checkRows(
            List<Column> columns,
            Preprocessing preprocessing,
            Table table,
            long[] rows,
            SpecErrors errors) {
        for (Column column : columns) {
            MissingPolicy policy = policy(column, preprocessing);
            if (policy.strategy().learns() && column.missing() > 0) {
                Values values = table.values(column.name());
                if (Arrays.stream(rows).allMatch(values::missingAt)) {
                    errors.add(
                            pointer(column.name()),
                            "column '%s' is empty in all %d training rows, so that %s cannot be learned; write constant with a value, or leave the column out of /features"
                                    .formatted(
                                            column.name(),
                                            rows.length,
                                            policy.strategy().wireName()));
                }
            }
        }
    }

    /**
     * The raw value for a column's missing ones; empty where there are none.
     *
     * @param rows the training rows
     */
    static OptionalDouble fit(
            Column column, Preprocessing preprocessing, Values values, long[] rows) {
        MissingPolicy policy = policy(column, preprocessing);
        return switch (policy.strategy()) {
            case REJECT -> OptionalDouble.empty();
            case CONSTANT -> constant(column, policy, preprocessing);
            case MEAN -> OptionalDouble.of(mean(column, known(values, rows)));
            case MEDIAN -> OptionalDouble.of(median(known(values, rows)));
            case MOST_FREQUENT -> OptionalDouble.of(mostFrequent(known(values, rows)));
        };
    }

    /** Ascending. */
    private static double[] known(Values values, long[] rows) {
        return Arrays.stream(rows)
                .filter(row -> !values.missingAt(row))
                .mapToDouble(values::at)
                .sorted()
                .toArray();
    }

    private static double mean(Column column, double[] known) {
        double mean = Moments.of(known).mean();
        if (!Double.isFinite(mean)) {
            throw new ProblemException(
                    ProblemCode.INVALID_SPECIFICATION,
                    "column '%s' has values so large that their sum overflows; fill it with median, or scale it"
                            .formatted(column.name()));
        }
        return mean;
    }

    private static double median(double[] known) {
        int middle = known.length / 2;
        if (known.length % 2 == 1) {
            return known[middle];
        }
        double sum = known[middle - 1] + known[middle];
        return Double.isFinite(sum) ? sum / 2 : known[middle - 1] / 2 + known[middle] / 2;
    }

    /** The least of those that are there most often. */
    private static double mostFrequent(double[] known) {
        double best = known[0];
        int most = 0;
        for (int first = 0; first < known.length; ) {
            int end = first;
            while (end < known.length && known[end] == known[first]) {
                end++;
            }
            if (end - first > most) {
                most = end - first;
                best = known[first];
            }
            first = end;
        }
        return best;
    }

    /** The same values, with {@code fill} where they are missing. */
    record Filled(Values values, double fill) implements Values {
        @Override
        public double at(long row) {
            return values.missingAt(row) ? fill : values.at(row);
        }

        @Override
        public boolean missingAt(long row) {
            return false;
        }
    }
}
