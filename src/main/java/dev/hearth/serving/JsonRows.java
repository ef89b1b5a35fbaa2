package dev.hearth.serving;

import dev.hearth.problem.JsonPointer;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code {"rows": […]}}: each row an object by column name, or an array in the order of the
 * model's columns.
 */
final class JsonRows {

    private static final String ROWS = "rows";

    private JsonRows() {}

    static Rows read(JsonNode body, RowReader reader, int mostRows) {
        Rows rows = rows(body, List.of(ROWS), reader, mostRows);
        reader.requireNoViolations();
        return rows;
    }

    /** The same, with a row beside the others that they are to be compared with. */
    static ComparedRows compared(JsonNode body, RowReader reader, int mostRows) {
        Rows rows = rows(body, List.of(ROWS, Baseline.NAME), reader, mostRows);
        Optional<Rows> baseline = Optional.empty();
        if (body.has(Baseline.NAME)) {
            var raw = new double[reader.width()];
            read(body.path(Baseline.NAME), "/" + Baseline.NAME, reader, raw, 0);
            baseline = Optional.of(new Rows.OfTable(raw, 1));
        }
        reader.requireNoViolations();
        return new ComparedRows(rows, baseline);
    }

    private static Rows rows(JsonNode body, List<String> fields, RowReader reader, int mostRows) {
        if (!body.isObject() || !body.path("rows").isArray()) {
            throw ProblemException.at(
                    ProblemCode.INVALID_INPUT,
                    "/rows",
                    "expected an array of rows, such as {\"rows\": [{"
                            + "\"%s\": …}]}".formatted(reader.columns().getFirst()));
        }
        body.propertyNames().stream()
                .filter(name -> !fields.contains(name))
                .forEach(name ->
                        reader.refuse(
                                "/" + JsonPointer.escaped(name),
                                "unknown field; expected " + String.join(" and ", fields)));
        JsonNode rows = body.path("rows");
        Limits.requireBatch(rows.size(), mostRows, "/rows");
        var raw = new double[Math.multiplyExact(rows.size(), reader.width())];
        for (int i = 0; i < rows.size(); i++) {
            read(rows.get(i), "/rows/" + i, reader, raw, i * reader.width());
        }
        return new Rows.OfTable(raw, rows.size());
    }

    private static void read(
            JsonNode row, String pointer, RowReader reader, double[] raw, int first) {
        if (row.isObject()) {
            readObject(row, pointer, reader, raw, first);
        } else if (row.isArray()) {
            readArray(row, pointer, reader, raw, first);
        } else {
            reader.refuse(pointer, "expected an object by column name, or an array of values");
        }
    }

    private static void readObject(
            JsonNode row, String pointer, RowReader reader, double[] raw, int first) {
        for (String column : reader.columns()) {
            Integer position = reader.position(column);
            if (!row.has(column) && position != null && reader.mayMiss(position)) {
                raw[first + position] = reader.missing(position, pointer, "nothing");
            } else if (!row.has(column)) {
                reader.refuse(
                        pointer + "/" + JsonPointer.escaped(column),
                        "missing; the model takes " + reader.columns());
            }
        }
        for (Map.Entry<String, JsonNode> cell : row.properties()) {
            Integer position = reader.position(cell.getKey());
            String at = pointer + "/" + JsonPointer.escaped(cell.getKey());
            if (position != null) {
                raw[first + position] = value(position, cell.getValue(), at, reader);
            } else if (!reader.isTarget(cell.getKey())) {
                reader.refuse(at, "unknown column; the model takes " + reader.columns());
            }
        }
    }

    private static void readArray(
            JsonNode row, String pointer, RowReader reader, double[] raw, int first) {
        if (row.size() != reader.width()) {
            reader.refuse(
                    pointer,
                    "expected %d values, one for each of %s, got %d"
                            .formatted(reader.width(), reader.columns(), row.size()));
            return;
        }
        for (int i = 0; i < row.size(); i++) {
            raw[first + i] = value(i, row.get(i), pointer + "/" + i, reader);
        }
    }

    private static double value(int column, JsonNode cell, String pointer, RowReader reader) {
        return switch (cell.getNodeType()) {
            case NUMBER -> reader.number(column, cell.doubleValue(), pointer);
            case STRING -> reader.word(column, cell.stringValue(), pointer, false);
            case BOOLEAN -> reader.bool(column, cell.booleanValue(), pointer);
            case NULL -> reader.missing(column, pointer, "null");
            case ARRAY, OBJECT, BINARY, MISSING, POJO ->
                    reader.refuse(pointer, "expected a number, a string or a boolean");
        };
    }
}
