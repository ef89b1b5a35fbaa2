package dev.hearth.serving;

import dev.hearth.model.ModelVersion;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.Encoding;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows of one version as another one takes them: a category is another number there, and columns
 * stand elsewhere.
 */
final class ShadowRows {

    private ShadowRows() {}

    /**
     * @param from that the rows were read for
     * @throws ProblemException INVALID_INPUT where the other one cannot take them, such as a
     *     category that it does not know
     */
    static Rows of(Rows rows, ModelVersion from, ModelVersion to) {
        return rows instanceof Rows.OfTable table
                        && from.input() instanceof Encoding encoding
                        && to.input() instanceof Encoding other
                        && !encoding.equals(other)
                ? table(table, encoding, other, new RowReader(other, to.target()))
                : rows;
    }

    private static Rows table(
            Rows.OfTable rows, Encoding from, Encoding to, RowReader reader) {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < from.features().size(); i++) {
            places.put(from.features().get(i).column(), i);
        }
        List<Encoding.Feature> columns = to.features();
        var raw = new double[Math.multiplyExact(rows.count(), columns.size())];
        for (int row = 0; row < rows.count(); row++) {
            for (int column = 0; column < columns.size(); column++) {
                Integer place = places.get(columns.get(column).column());
                String pointer = "row %d, column %s".formatted(row, columns.get(column).column());
                raw[row * columns.size() + column] =
                        place == null
                                ? reader.missing(column, pointer, "nothing")
                                : cell(
                                        rows.raw()[row * from.features().size() + place],
                                        from.features().get(place),
                                        column,
                                        reader,
                                        pointer);
            }
        }
        reader.requireNoViolations();
        return new Rows.OfTable(raw, rows.count());
    }

    private static double cell(
            double raw, Encoding.Feature feature, int column, RowReader reader, String pointer) {
        if (Double.isNaN(raw)) {
            return reader.missing(column, pointer, "nothing");
        }
        return switch (feature.cell(raw)) {
            case Double number -> reader.number(column, number, pointer);
            case Boolean flag -> reader.bool(column, flag, pointer);
            case String word -> reader.word(column, word, pointer, false);
            case null, default -> reader.missing(column, pointer, "nothing");
        };
    }
}
