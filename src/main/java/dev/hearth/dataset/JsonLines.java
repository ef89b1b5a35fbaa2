package dev.hearth.dataset;

import dev.hearth.problem.Violation;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads JSON Lines: an object for each row, whose keys are the columns. A key that an object lacks,
 * or that is null, is a missing cell. Columns are in the order in which their keys first appear.
 */
final class JsonLines {

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(4)
                                    .maxNameLength(1000)
                                    .maxNumberLength(1000)
                                    .maxStringLength(CsvRows.MAX_CELL_CHARS)
                                    .build())
                    .build();

    private JsonLines() {}

    static boolean isNamedSo(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".jsonl") || lower.endsWith(".ndjson");
    }

    /**
     * The rows of a file. Its columns are looked for once, when it is first opened.
     *
     * @param maxColumns more keys than this are not looked for
     */
    static RowSource source(FileContent content, int maxColumns) {
        return new RowSource() {
            private @Nullable List<String> columns;

            @Override
            public Rows open(int maxCells) throws IOException {
                if (columns == null) {
                    columns = columns(content, maxColumns + 1);
                }
                return new JsonRows(content, columns, maxCells);
            }
        };
    }

    /** What is wrong is left for the reading of the rows to tell. */
    private static List<String> columns(FileContent content, int most) throws IOException {
        var names = new LinkedHashSet<String>();
        try (var parser = parser(content)) {
            int depth = 0;
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (token == JsonToken.PROPERTY_NAME && depth == 1) {
                    names.add(parser.currentName());
                    if (names.size() >= most) {
                        break;
                    }
                }
            }
        } catch (JacksonIOException e) {
            if (!(e.getCause() instanceof TextReader.BadTextException)) {
                throw e.getCause();
            }
        } catch (JacksonException e) {
            return List.copyOf(names);
        }
        return List.copyOf(names);
    }

    private static JsonParser parser(FileContent content) throws IOException {
        Reader text = new TextReader(content.open(), StandardCharsets.UTF_8);
        return JSON.createParser(ObjectReadContext.empty(), text);
    }

    private static final class JsonRows implements Rows {
        private final JsonParser parser;
        private final List<String> columns;
        private final Map<String, Integer> places = new HashMap<>();
        private final CellRow row;
        private boolean named;

        JsonRows(FileContent content, List<String> columns, int maxCells) throws IOException {
            this.columns = columns;
            this.row = new CellRow(maxCells, "line");
            for (int i = 0; i < columns.size(); i++) {
                places.put(columns.get(i), i);
            }
            this.parser = parser(content);
        }

        @Override
        public @Nullable CellRow next() throws IOException, UnreadableException {
            if (!named) {
                named = true;
                return names();
            }
            try {
                return read();
            } catch (JacksonIOException e) {
                if (e.getCause() instanceof TextReader.BadTextException bad) {
                    throw unreadable(bad.line(), bad.explanation(), e);
                }
                throw e.getCause();
            } catch (JacksonException e) {
                throw unreadable(
                        e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                        "is not valid JSON: " + e.getOriginalMessage(),
                        e);
            }
        }

        private @Nullable CellRow names() {
            if (columns.isEmpty()) {
                return null;
            }
            row.begin(1);
            columns.forEach(row::add);
            return row;
        }

        private @Nullable CellRow read() throws UnreadableException {
            var token = parser.nextToken();
            if (token == null) {
                return null;
            }
            long line = parser.currentTokenLocation().getLineNr();
            if (token != JsonToken.START_OBJECT) {
                throw unreadable(
                        line,
                        "expected an object with a value for each column, such as {\"a\": 1}",
                        null);
            }
            var cells = new ArrayList<String>(columns.size());
            columns.forEach(_ -> cells.add(""));
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                var name = parser.currentName();
                var cell = cell(parser.nextToken(), name, line);
                var place = places.get(name);
                // More columns than are taken are told by the header.
                if (place != null) {
                    cells.set(place, cell);
                }
            }
            row.begin(line);
            cells.forEach(row::add);
            return row;
        }

        private String cell(@Nullable JsonToken token, String name, long line)
                throws UnreadableException {
            if (token == JsonToken.VALUE_NULL) {
                return "";
            }
            if (token == null || !token.isScalarValue()) {
                throw unreadable(
                        line,
                        "the key '%s' holds an object or an array; give each value a key of its own"
                                .formatted(name),
                        null);
            }
            return parser.getString();
        }

        private static UnreadableException unreadable(
                long line, String message, @Nullable Exception cause) {
            return new UnreadableException(
                    new Violation("line " + line, message),
                    cause == null ? new IllegalArgumentException(message) : cause);
        }

        @Override
        public void close() {
            parser.close();
        }
    }
}
