package dev.hearth.batch;

import dev.hearth.dataset.Column;
import dev.hearth.dataset.ColumnType;
import dev.hearth.dataset.Dataset;
import dev.hearth.dataset.Table;
import dev.hearth.model.Target;
import dev.hearth.serving.Prediction;
import dev.hearth.spec.LossSpec.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How well a model does on rows whose target the data set has: the fraction of right classes, or
 * the mean errors of numbers. Rows without a prediction or without a target do not count.
 */
final class Score {

    private final Table table;
    private final List<Column> targets;
    private final boolean ofClasses;
    private long count;
    private long right;
    private double absolute;
    private double squared;

    private Score(Table table, List<Column> targets, boolean ofClasses) {
        this.table = table;
        this.targets = targets;
        this.ofClasses = ofClasses;
    }

    /** Empty where there is nothing to compare with. */
    static Optional<Score> of(Target target, Dataset dataset, Table table) {
        boolean ofClasses = isOfClasses(target.task());
        List<Column> columns =
                target.columns().stream()
                        .flatMap(name -> dataset.column(name).stream())
                        .filter(column -> column.block().isEmpty())
                        .filter(column -> ofClasses || column.type().isNumber())
                        .toList();
        boolean isComparable = ofClasses || target.task() == Task.REGRESSION;
        return isComparable && columns.size() == target.columns().size()
                ? Optional.of(new Score(table, columns, ofClasses))
                : Optional.empty();
    }

    private static boolean isOfClasses(Task task) {
        return switch (task) {
            case CLASSIFICATION, BINARY_CLASSIFICATION, SIMILARITY -> true;
            case REGRESSION, DISTRIBUTION, MULTI_LABEL -> false;
        };
    }

    void add(long row, Prediction prediction) {
        if (ofClasses) {
            table.text(targets.getFirst().name(), row)
                    .ifPresent(actual -> {
                        count++;
                        right += isSame(prediction, actual) ? 1 : 0;
                    });
            return;
        }
        for (Column target : targets) {
            var values = table.values(target.name());
            if (!values.missingAt(row)) {
                double error = predicted(prediction, target) - values.at(row);
                count++;
                absolute += Math.abs(error);
                squared += error * error;
            }
        }
    }

    /** The class 2 is the category 2, and the number 2.0. */
    private boolean isSame(Prediction prediction, String actual) {
        Object label = prediction.label();
        if (String.valueOf(label).equals(actual)) {
            return true;
        }
        return label instanceof Number number
                && targets.getFirst().type() == ColumnType.NUMERIC
                && number.doubleValue() == Double.parseDouble(actual);
    }

    private static double predicted(Prediction prediction, Column target) {
        Double value =
                prediction.values() == null
                        ? prediction.value()
                        : prediction.values().get(target.name());
        if (value == null) {
            throw new IllegalStateException("no value for " + target.name());
        }
        return value;
    }

    /** By name; empty where no row has a target. */
    Map<String, Double> metrics() {
        var metrics = new LinkedHashMap<String, Double>();
        if (count > 0 && ofClasses) {
            metrics.put("accuracy", (double) right / count);
        } else if (count > 0 && Double.isFinite(squared)) {
            metrics.put("mae", absolute / count);
            metrics.put("rmse", Math.sqrt(squared / count));
        }
        return metrics;
    }
}
