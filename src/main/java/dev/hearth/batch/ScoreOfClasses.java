package dev.hearth.batch;

import dev.hearth.dataset.Column;
import dev.hearth.dataset.ColumnType;
import dev.hearth.dataset.Table;
import dev.hearth.serving.Prediction;
import java.util.List;
import java.util.Map;

/** The fraction of rows whose class is right. */
final class ScoreOfClasses implements Score {

    private final Table table;
    private final Column target;
    private long count;
    private long right;

    ScoreOfClasses(Table table, Column target) {
        this.table = table;
        this.target = target;
    }

    @Override
    public void add(long row, Prediction prediction) {
        table.text(target.name(), row)
                .ifPresent(actual -> {
                    count++;
                    right += isSame(prediction, actual) ? 1 : 0;
                });
    }

    /** The class 2 is the category 2, and the number 2.0. */
    private boolean isSame(Prediction prediction, String actual) {
        Object label = prediction.label();
        if (String.valueOf(label).equals(actual)) {
            return true;
        }
        return label instanceof Number number
                && target.type() == ColumnType.NUMERIC
                && number.doubleValue() == Double.parseDouble(actual);
    }

    @Override
    public Batch.Scores scores() {
        return count == 0
                ? Batch.Scores.NONE
                : new Batch.Scores(
                        Map.of("accuracy", (double) right / count), List.of(), List.of());
    }
}
