package dev.hearth.dataset;

import dev.hearth.problem.Violation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Several files of rows as one, whatever their forms: the rows of each under the names of the
 * first's columns, which all have, in any order.
 */
final class JoinedRows implements Rows {

    private static final int MOST_SHOWN_CHARS = 200;

    /**
     * @param name of the file
     * @param mayLack whether a column that it does not have is one of missing cells, since its form
     *     has no header
     */
    record Part(String name, RowSource rows, boolean mayLack) {}

    /** Where in a file's rows the column of an index is; −1 for a column that it lacks. */
    private static final int LACKING = -1;

    private final List<Part> parts;
    private final int maxCells;
    private final CellRow reordered;
    private int next;
    private List<String> columns = List.of();
    private @Nullable Rows current;
    private int @Nullable [] places;
    private int ownCells;

    private JoinedRows(List<Part> parts, int maxCells) {
        this.parts = parts;
        this.maxCells = maxCells;
        this.reordered = new CellRow(maxCells, "row");
    }

    /** A single file keeps its own places, without its name. */
    static RowSource source(List<Part> parts) {
        return parts.size() == 1
                ? parts.getFirst().rows()
                : maxCells -> new JoinedRows(List.copyOf(parts), maxCells);
    }

    @Override
    public @Nullable CellRow next() throws IOException, UnreadableException {
        if (next == 0) {
            CellRow header = open();
            columns = header == null ? List.of() : names(header);
            return header;
        }
        while (current != null) {
            CellRow row = nextOf(current);
            if (row != null) {
                return inOrder(row);
            }
            current.close();
            current = null;
            if (next < parts.size()) {
                follow();
            }
        }
        return null;
    }

    /** Opens the next file and reads the names of its columns; null where it is empty. */
    private @Nullable CellRow open() throws IOException, UnreadableException {
        var opened = parts.get(next++).rows().open(maxCells);
        current = opened;
        return nextOf(opened);
    }

    private @Nullable CellRow nextOf(Rows rows) throws IOException, UnreadableException {
        String file = parts.get(next - 1).name();
        try {
            CellRow row = rows.next();
            if (row != null) {
                row.ofFile(file);
            }
            return row;
        } catch (UnreadableException e) {
            throw new UnreadableException(
                    new Violation(file + ", " + e.violation().pointer(), e.violation().message()),
                    e);
        }
    }

    private void follow() throws IOException, UnreadableException {
        CellRow header = open();
        Part part = parts.get(next - 1);
        if (header == null) {
            throw unfit(part, "is empty; leave it out, or add rows");
        }
        List<String> own = names(header);
        ownCells = own.size();
        if (own.equals(columns)) {
            places = null;
            return;
        }
        var indices = new HashMap<String, Integer>();
        for (int i = 0; i < own.size(); i++) {
            if (indices.putIfAbsent(own.get(i), i) != null) {
                throw unfit(part, "has two columns called '%s'".formatted(own.get(i)));
            }
        }
        List<String> lacking =
                columns.stream().filter(column -> !indices.containsKey(column)).toList();
        List<String> others = own.stream().filter(column -> !columns.contains(column)).toList();
        if (!others.isEmpty() || !(lacking.isEmpty() || part.mayLack())) {
            throw unfit(
                    part,
                    "has the columns %s, and %s has %s; it%s%s: rows are added by files of the same columns, in any order"
                            .formatted(
                                    shown(own),
                                    parts.getFirst().name(),
                                    shown(columns),
                                    lacking.isEmpty() ? "" : " lacks " + shown(lacking),
                                    others.isEmpty()
                                            ? ""
                                            : (lacking.isEmpty() ? "" : " and")
                                                    + " has "
                                                    + shown(others)
                                                    + " besides"));
        }
        places = columns.stream().mapToInt(name -> indices.getOrDefault(name, LACKING)).toArray();
    }

    private static UnreadableException unfit(Part part, String message) {
        return new UnreadableException(
                new Violation(part.name(), message), new IllegalArgumentException(message));
    }

    private CellRow inOrder(CellRow row) {
        int[] order = places;
        // A row of another length is told as it is.
        if (order == null || row.cells() != ownCells) {
            return row;
        }
        reordered.begin(row);
        for (int place : order) {
            if (place == LACKING) {
                reordered.add("");
            } else {
                reordered.add(row.chars(), row.offset(place), row.length(place));
            }
        }
        return reordered;
    }

    private static List<String> names(CellRow header) {
        var names = new ArrayList<String>();
        IntStream.range(0, header.cells()).forEach(i -> names.add(header.text(i).strip()));
        return names;
    }

    private static String shown(List<String> names) {
        String all = names.stream().collect(Collectors.joining(","));
        return "'"
                + (all.length() > MOST_SHOWN_CHARS ? all.substring(0, MOST_SHOWN_CHARS) + "…" : all)
                + "'";
    }

    @Override
    public void close() throws IOException {
        if (current != null) {
            current.close();
        }
    }
}
