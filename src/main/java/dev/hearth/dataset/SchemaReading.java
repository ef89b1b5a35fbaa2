package dev.hearth.dataset;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;

/**
 * The first reading of a file: its header, the number of its rows, and each column's type. Whether
 * every cell fits the type is for the second reading to say.
 */
final class SchemaReading {

    private static final int MAX_COLUMN_NAME_CHARS = 256;

    /** What all columns' distinct cells together may take, in characters. */
    private static final long DISTINCT_CHARS = 1L << 25;

    private final DatasetOptions.Reading options;
    private final DatasetSettings limits;
    private final Violations violations = new Violations();

    SchemaReading(DatasetOptions.Reading options, DatasetSettings limits) {
        this.options = options;
        this.limits = limits;
    }

    /**
     * @throws ProblemException where the file is no table; rows with too many or too few cells are
     *     left out here and told by the second reading, unless this one cannot come to its end
     */
    Schema read(RowSource source) throws IOException {
        try (var rows = source.open(limits.maxColumns() + 1)) {
            var header = rows.next();
            if (header == null) {
                throw ProblemException.at(
                        ProblemCode.INVALID_DATASET,
                        "line 1",
                        "the file is empty; expected a row of column names and rows of data");
            }
            var profiles = profiles(names(header));
            return read(rows, profiles);
        } catch (Rows.UnreadableException e) {
            violations.add(e.violation());
            throw violations.problem();
        }
    }

    private Schema read(Rows source, List<ColumnProfile> profiles)
            throws IOException, Rows.UnreadableException {
        var number = new NumberCell();
        var hashes = new RowHashes();
        var columns = profiles.toArray(ColumnProfile[]::new);
        var anyRow = false;
        long rows = 0;
        for (var row = source.next(); row != null; row = source.next()) {
            anyRow = true;
            if (row.cells() != columns.length) {
                violations.add(ragged(row, columns.length));
                continue;
            }
            if (++rows > limits.maxRows()) {
                violations.add(
                        new Violation(
                                row.place(),
                                "the file has more than "
                                        + limits.maxRows()
                                        + " rows, which is the most that this service takes"));
                throw violations.problem();
            }
            var chars = row.chars();
            long hash = 0;
            for (var i = 0; i < columns.length; i++) {
                var offset = row.offset(i);
                var length = row.length(i);
                var cell = CellHash.of(chars, offset, length);
                columns[i].add(number, chars, offset, length, cell);
                hash = CellHash.combine(hash, cell);
            }
            hashes.add(hash);
        }
        if (!anyRow) {
            throw ProblemException.at(
                    ProblemCode.INVALID_DATASET,
                    "line 2",
                    "the file has column names and no rows; add at least one row");
        }
        if (rows == 0) {
            throw violations.problem();
        }
        requireFittingPolicies(profiles, rows);
        return Schema.of(rows, profiles, hashes.repeated());
    }

    /** Of columns whose types were found only now. */
    private void requireFittingPolicies(List<ColumnProfile> profiles, long rows) {
        var misfits = new Violations();
        for (var profile : profiles) {
            var declared = profile.declaration();
            declared.misfit(profile.type(rows))
                    .ifPresent(misfit ->
                            misfits.add(
                                    new Violation(
                                            DatasetOptions.pointer(profile.name())
                                                    + "/missing"
                                                    + misfit.field(),
                                            misfit.message())));
        }
        misfits.throwIfAny();
    }

    static Violation ragged(CellRow row, int columns) {
        return new Violation(
                row.place(),
                "expected "
                        + columns
                        + " cells as in the header, got "
                        + row.cells()
                        + "; add the missing cells, or put a cell that contains the delimiter in"
                        + " quotes");
    }

    private List<String> names(CellRow header) {
        if (header.cells() > limits.maxColumns()) {
            throw ProblemException.at(
                    ProblemCode.INVALID_DATASET,
                    "line 1",
                    "the file has "
                            + header.cells()
                            + " columns; this service takes at most "
                            + limits.maxColumns());
        }
        var names = new ArrayList<String>();
        var places = new HashMap<String, Integer>();
        for (var i = 0; i < header.cells(); i++) {
            var name = header.text(i).strip();
            var place = "line 1, column " + (i + 1);
            var first = places.putIfAbsent(name, i + 1);
            if (name.isEmpty()) {
                violations.add(new Violation(place, "has no name; give every column one"));
            } else if (name.length() > MAX_COLUMN_NAME_CHARS) {
                violations.add(
                        new Violation(
                                place,
                                "has a name of more than "
                                        + MAX_COLUMN_NAME_CHARS
                                        + " characters; shorten it"));
            } else if (first != null) {
                violations.add(
                        new Violation(
                                place,
                                "has the name '"
                                        + name
                                        + "' of column "
                                        + first
                                        + "; give every column a name of its own"));
            }
            names.add(name);
        }
        checkDelimiter(names);
        violations.throwIfAny();
        return names;
    }

    private void checkDelimiter(List<String> names) {
        if (names.size() == 1 && options.delimiter().isEmpty()) {
            for (var other : List.of(";", "\t", "|")) {
                if (names.getFirst().contains(other)) {
                    violations.add(
                            new Violation(
                                    "line 1",
                                    "is one column only; to separate cells at "
                                            + (other.equals("\t") ? "tabs" : "'" + other + "'")
                                            + ", send the options {\"delimiter\": \""
                                            + (other.equals("\t") ? "\\t" : other)
                                            + "\"}"));
                }
            }
        }
    }

    private List<ColumnProfile> profiles(List<String> names) {
        var unknown = new ArrayList<Violation>();
        var known = Set.copyOf(names);
        for (var declared : options.columns().keySet()) {
            if (!known.contains(declared)) {
                unknown.add(
                        new Violation(
                                DatasetOptions.pointer(declared),
                                "the file has no column of this name; its columns are "
                                        + some(names)));
            }
        }
        if (!unknown.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.INVALID_DATASET,
                    unknown.getFirst().pointer() + ": " + unknown.getFirst().message(),
                    unknown);
        }
        var budget = new DistinctCells.Budget(DISTINCT_CHARS);
        return names.stream()
                .map(name ->
                        new ColumnProfile(
                                name,
                                options.columns().getOrDefault(name, ColumnDeclaration.NONE),
                                budget))
                .toList();
    }

    private static String some(List<String> names) {
        return names.size() <= 20
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, 20)) + " and " + (names.size() - 20) + " more";
    }
}
