package dev.hearth.dataset;

import dev.hearth.problem.Violation;
import dev.hearth.storage.Scratch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** A table, one of whose columns names pictures. Closing deletes it, unless it was taken. */
final class ListedTable implements AutoCloseable {

    private final Prepared prepared;
    private final String fileColumn;
    private final Table table;
    private boolean isTaken;

    /** Takes over the table, which has such a column. */
    ListedTable(Prepared prepared, String fileColumn) throws IOException {
        this.prepared = prepared;
        this.fileColumn = fileColumn;
        try {
            this.table = MappedTable.open(prepared);
        } catch (IOException | RuntimeException e) {
            prepared.close();
            throw e;
        }
    }

    /**
     * Pictures by their whole names, their names without folders, and those without extension;
     * empty where several share one.
     */
    static Map<String, Optional<ImageSource>> byName(ImageArchives archives) {
        var whole = new LinkedHashMap<String, Optional<ImageSource>>();
        for (ImageSource source : archives.sources()) {
            whole.put(source.entry().name(), Optional.of(source));
        }
        var shortNames = new LinkedHashMap<String, Optional<ImageSource>>();
        for (ImageSource source : archives.sources()) {
            String file = source.fileName();
            String stem = file.substring(0, file.lastIndexOf('.'));
            for (String name : Set.of(file, stem)) {
                shortNames.merge(name, Optional.of(source), (_, _) -> Optional.empty());
            }
        }
        shortNames.forEach(whole::putIfAbsent);
        return whole;
    }

    /** The picture of a name, which may have folders of its own before it. */
    static Optional<ImageSource> lookedUp(Map<String, Optional<ImageSource>> byName, String name) {
        Optional<ImageSource> found = byName.get(name);
        if (found == null) {
            found = byName.get(name.substring(name.lastIndexOf('/') + 1));
        }
        return found == null ? Optional.empty() : found;
    }

    Prepared table() {
        return prepared;
    }

    /**
     * The picture of each row.
     *
     * @throws dev.hearth.problem.ProblemException with all rows without a picture and all pictures
     *     without a row
     */
    List<ImageSource> sources(ImageArchives archives) {
        var byName = byName(archives);
        var violations = new Violations();
        var sources = new ArrayList<ImageSource>();
        var used = new HashSet<ImageSource>();
        for (long row = 0; row < prepared.rows(); row++) {
            Optional<String> name = table.text(fileColumn, row);
            Optional<ImageSource> found = name.flatMap(each -> lookedUp(byName, each));
            if (found.isPresent()) {
                sources.add(found.get());
                used.add(found.get());
            } else if (violations.hasRoom()) {
                violations.add(
                        new Violation(
                                "row %d, column %s".formatted(row + 1, fileColumn),
                                fault(name, byName)));
            } else {
                violations.count();
            }
        }
        for (ImageSource source : archives.sources()) {
            if (!used.contains(source)) {
                violations.add(
                        new Violation(
                                source.name(),
                                "is in no row of the table; add a row with its name in the column %s, or"
                                                .formatted(fileColumn)
                                        + " remove it"));
            }
        }
        violations.throwIfAny();
        return sources;
    }

    private static String fault(Optional<String> name, Map<String, Optional<ImageSource>> byName) {
        if (name.isEmpty()) {
            return "names no picture; write the name of one, or remove the row";
        }
        return byName.containsKey(name.get().substring(name.get().lastIndexOf('/') + 1))
                ? "several pictures are called '%s'; write the name with its folders"
                        .formatted(name.get())
                : "no picture is called '%s'; add it to the archive, or remove the row"
                        .formatted(name.get());
    }

    /** All other cells of the rows that were kept, as one text. */
    IntFunction<String> labels(List<Integer> kept) {
        return row ->
                prepared.columns().stream()
                        .map(Column::name)
                        .filter(column -> !column.equals(fileColumn))
                        .map(column -> table.text(column, kept.get(row)).orElse(""))
                        .collect(Collectors.joining(", "));
    }

    /** The table, for the caller to close. */
    Prepared take() {
        isTaken = true;
        return prepared;
    }

    /** A table of some of the rows, for the caller to close. */
    Prepared only(List<Integer> rows, DatasetOptions options, TableReader reader, Scratch scratch)
            throws IOException {
        List<String> names = prepared.columns().stream().map(Column::name).toList();
        Map<String, JsonNode> types =
                prepared.columns().stream()
                        .collect(
                                Collectors.toMap(
                                        Column::name, column -> ColumnOptions.word(column.type())));
        return CsvLines.table(
                names,
                rows.stream()
                        .map(row ->
                                names.stream()
                                        .map(name -> table.text(name, row).orElse(""))
                                        .toList())
                        .iterator(),
                DatasetOptions.ofColumns(options.columnsOver(types)),
                reader,
                scratch);
    }

    @Override
    public void close() throws IOException {
        table.close();
        if (!isTaken) {
            prepared.close();
        }
    }
}
