package dev.hearth.python;

import dev.hearth.missing.MissingPolicy;
import dev.hearth.python.Expression.Dictionary;
import dev.hearth.python.Expression.Entry;
import dev.hearth.python.Expression.Listing;
import dev.hearth.python.Expression.Text;
import dev.hearth.python.PythonFile.Import;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.TrainingSpec.Preprocessing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes what stands for missing values: {@code FILLS}, and what puts them where none is. */
final class FillCode {

    private FillCode() {}

    /**
     * {@code filled(row)}, with what a run has learned.
     *
     * @param fills by column name, as people write them
     */
    static void defineLearned(Map<String, Object> fills, PythonFile file) {
        var entries = new ArrayList<Entry>();
        fills.forEach(
                (column, cell) -> entries.add(new Entry(text(column), text(String.valueOf(cell)))));
        file.remark("Column: what an empty cell stands for.");
        file.constant("FILLS", new Dictionary(entries));
        file.define(
                "filled",
                """
                def filled(row):
                    \"""The row, with its empty cells filled where they may be empty.\"""
                    return row | {name: cell for name, cell in FILLS.items() if not row[name].strip()}
                """);
    }

    /** {@code fill(raw, training)}, which learns as a run does. */
    static void defineLearning(Columns columns, Preprocessing preprocessing, PythonFile file) {
        var entries = new ArrayList<Entry>();
        for (Encoding.Feature feature : columns.features()) {
            MissingPolicy policy = preprocessing.missing().get(feature.column());
            if (policy != null && policy.fills()) {
                entries.add(
                        new Entry(text(feature.column()), new Listing(policy(policy, feature))));
            }
        }
        file.require(Import.MATH, Import.STATISTICS);
        file.remark("Column: what stands for its missing values.");
        file.constant("FILLS", new Dictionary(entries));
        file.define(
                "fill",
                """
                def fill(raw, training):
                    \"""The columns with their missing values filled; the training rows tell with what.\"""
                    columns = []
                    for name, column in zip(FEATURES, raw.T):
                        if name in FILLS:
                            strategy, *given = FILLS[name]
                            known = sorted(x for x in column[training].tolist() if not math.isnan(x))
                            if strategy == "constant":
                                value = given[0]
                            elif strategy == "mean":
                                value = math.fsum(known) / len(known)
                            elif strategy == "median":
                                value = statistics.median(known)
                            else:
                                value = statistics.mode(known)  # the least of the most frequent
                            column = torch.where(column.isnan(), value, column)
                        columns.append(column)
                    return torch.stack(columns, 1)
                """);
    }

    private static List<Expression> policy(MissingPolicy policy, Encoding.Feature feature) {
        var parts = new ArrayList<Expression>();
        parts.add(text(policy.strategy().wireName()));
        policy.fillValue()
                .ifPresent(cell -> parts.add(Expression.of(feature.raw(cell).orElseThrow())));
        return parts;
    }

    private static Expression text(String text) {
        return new Text(Literal.of(text));
    }
}
