package dev.hearth.batch;

import dev.hearth.dataset.Column;
import dev.hearth.dataset.ColumnType;
import dev.hearth.dataset.Dataset;
import dev.hearth.dataset.Table;
import dev.hearth.dataset.Values;
import dev.hearth.serving.Prediction;
import dev.hearth.spec.Objective;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How well a model does on rows whose targets the data set has. Rows without a prediction, or
 * without one of the targets, do not count.
 */
interface Score {

    /** Empty where there is nothing to compare with. */
    static Optional<Score> of(Objective objective, Needs.Found found, Table table) {
        Dataset dataset = found.dataset();
        return switch (objective.task()) {
            case CLASSIFICATION, BINARY_CLASSIFICATION, SIMILARITY ->
                    columns(objective, dataset, _ -> true)
                            .map(columns -> new ScoreOfClasses(table, columns.getFirst()));
            case REGRESSION, DISTRIBUTION ->
                    columns(objective, dataset, ColumnType::isNumber)
                            .map(columns -> new ScoreOfNumbers(objective, values(columns, table)));
            case MULTI_LABEL ->
                    columns(
                                    objective,
                                    dataset,
                                    type -> type == ColumnType.BOOLEAN || type.isNumber())
                            .map(columns -> new ScoreOfLabels(objective, values(columns, table)));
        };
    }

    private static Optional<List<Column>> columns(
            Objective objective, Dataset dataset, Predicate<ColumnType> suits) {
        List<Column> columns =
                objective.targets().stream()
                        .flatMap(name -> dataset.column(name).stream())
                        .filter(column -> column.block().isEmpty() && suits.test(column.type()))
                        .toList();
        return columns.size() == objective.targets().size()
                ? Optional.of(columns)
                : Optional.empty();
    }

    private static List<Values> values(List<Column> columns, Table table) {
        return columns.stream().map(column -> table.values(column.name())).toList();
    }

    /**
     * @param row in the data set
     */
    void add(long row, Prediction prediction);

    /** So far. */
    Batch.Scores scores();
}
