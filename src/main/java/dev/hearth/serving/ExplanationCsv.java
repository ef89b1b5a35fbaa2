package dev.hearth.serving;

import dev.hearth.http.CsvAnswer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Explanations of columns as CSV, one line for each row: what is explained ({@code class} or {@code
 * column}), its {@code output}, of integrated gradients {@code baseline_output} and {@code delta},
 * and {@code attribution COLUMN} for each column.
 */
final class ExplanationCsv {

    private ExplanationCsv() {}

    static String write(List<Explanation> explanations) {
        return CsvAnswer.write(
                List.copyOf(cells(explanations.getFirst()).keySet()),
                explanations.stream().map(each -> List.copyOf(cells(each).values())).toList());
    }

    /** By their names, the same for all rows of a request. */
    private static Map<String, String> cells(Explanation explanation) {
        var cells = new LinkedHashMap<String, String>();
        put(cells, "class", explanation.explainedClass());
        put(cells, "column", explanation.explainedOutput());
        put(cells, "output", explanation.output());
        put(cells, "baseline_output", explanation.baselineOutput());
        put(cells, "delta", explanation.delta());
        ((Map<?, ?>) explanation.attributions())
                .forEach((column, value) -> put(cells, "attribution " + column, value));
        return cells;
    }

    private static void put(Map<String, String> cells, String name, @Nullable Object value) {
        if (value != null) {
            cells.put(name, value.toString());
        }
    }
}
