package dev.hearth.dataset;

import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The second reading of a file: every cell is checked against its column's type and written to the
 * table.
 */
final class TableReading {

    private static final int QUOTED_CHARS = 40;

    private final Schema schema;
    private final Violations violations = new Violations();
    private final NumberSummary[] summaries;

    TableReading(Schema schema) {
        this.schema = schema;
        this.summaries = new NumberSummary[schema.columns().size()];
        for (var i = 0; i < summaries.length; i++) {
            summaries[i] = new NumberSummary();
        }
    }

    /** What the numbers of each column are like; of no use where a column has none. */
    List<NumberSummary> summaries() {
        return List.of(summaries);
    }

    /**
     * Writes the table to {@code target}.
     *
     * @throws ProblemException with all that is wrong in the file
     */
    void write(RowSource source, Path target) throws IOException {
        checkCategories();
        try (var rows = source.open(summaries.length + 1);
                var file = FileChannel.open(target, StandardOpenOption.WRITE)) {
            var layout = TableLayout.of(schema);
            BlockFile.write(file, ByteBuffer.wrap(layout.header()));
            var writers = new ArrayList<ColumnWriter>();
            var missing = new ArrayList<@Nullable TensorSink>();
            for (var i = 0; i < summaries.length; i++) {
                var mask = TableLayout.missing(TableLayout.name(i));
                writers.add(writer(i, file, layout));
                missing.add(layout.has(mask) ? new TensorSink(file, layout, mask) : null);
            }
            copy(rows, writers, missing);
            violations.throwIfAny();
            for (var writer : writers) {
                writer.finish();
            }
            for (var sink : missing) {
                if (sink != null) {
                    sink.finish();
                }
            }
        } catch (Rows.UnreadableException e) {
            violations.add(e.violation());
            throw violations.problem();
        }
    }

    private void copy(Rows rows, List<ColumnWriter> writers, List<@Nullable TensorSink> missing)
            throws IOException, Rows.UnreadableException {
        rows.next(); // the header
        for (var row = rows.next(); row != null; row = rows.next()) {
            if (row.cells() != summaries.length) {
                violations.add(SchemaReading.ragged(row, summaries.length));
                continue;
            }
            for (var i = 0; i < summaries.length; i++) {
                copy(row, i, writers.get(i), missing.get(i));
            }
        }
    }

    private void copy(CellRow row, int column, ColumnWriter writer, @Nullable TensorSink missing)
            throws IOException {
        var text = row.chars();
        var offset = row.offset(column);
        var length = row.length(column);
        var isMissing = isBlank(text, offset, length);
        if (missing != null) {
            missing.putBoolean(isMissing);
        }
        if (isMissing) {
            writer.writeMissing();
            return;
        }
        var hash =
                writer instanceof ColumnWriter.Categories ? CellHash.of(text, offset, length) : 0;
        var expected = writer.write(text, offset, length, hash);
        if (expected != null) {
            misfit(row, column, expected);
        }
    }

    private static boolean isBlank(char[] text, int offset, int length) {
        for (var i = offset; i < offset + length; i++) {
            if (!NumberCell.isSpace(text[i])) {
                return false;
            }
        }
        return true;
    }

    private void misfit(CellRow row, int column, String expected) {
        if (!violations.hasRoom()) {
            violations.count();
            return;
        }
        var profile = schema.profiles().get(column);
        var cell = row.text(column);
        var shown =
                cell.codePointCount(0, cell.length()) <= QUOTED_CHARS
                        ? cell
                        : cell.substring(0, cell.offsetByCodePoints(0, QUOTED_CHARS)) + "…";
        var why =
                profile.isDeclared()
                        ? "as the options declare the column "
                                + schema.columns().get(column).type().wireName()
                        : "as "
                                + profile.numbers()
                                + " of the column's "
                                + profile.filled()
                                + " cells are numbers";
        var mend =
                profile.declaration().hasCategories()
                        ? "correct it, declare it too, or leave it empty for a missing value"
                        : profile.isDeclared()
                                ? "correct it, or leave it empty for a missing value"
                                : "correct it, leave it empty for a missing value, or send the options"
                                        + " {\"columns\": {\""
                                        + profile.name().replace("\\", "\\\\").replace("\"", "\\\"")
                                        + "\": \"categorical\"}} to take the column's cells as words";
        violations.add(
                new Violation(
                        row.place() + ", column " + profile.name(),
                        "expected " + expected + ", " + why + ", got '" + shown + "'; " + mend));
    }

    private void checkCategories() {
        for (var i = 0; i < summaries.length; i++) {
            var profile = schema.profiles().get(i);
            if (schema.columns().get(i).type() == ColumnType.CATEGORICAL
                    && !profile.declaration().hasCategories()
                    && profile.distinct().overflowed()) {
                violations.add(
                        new Violation(
                                DatasetOptions.pointer(profile.name()),
                                profile.hasLongCell()
                                        ? "a category has at most "
                                                + ColumnProfile.MAX_CATEGORY_CHARS
                                                + " characters, and this column has longer cells;"
                                                + " declare it text"
                                        : "the column has more than "
                                                + profile.distinct().size()
                                                + " distinct cells, too many for categories;"
                                                + " declare it text"));
            }
        }
        violations.throwIfAny();
    }

    private ColumnWriter writer(int index, FileChannel file, TableLayout layout)
            throws IOException {
        var column = schema.columns().get(index);
        var name = TableLayout.name(index);
        return switch (column.type()) {
            case NUMERIC ->
                    new ColumnWriter.Numbers(new TensorSink(file, layout, name), summaries[index]);
            case INTEGER ->
                    new ColumnWriter.WholeNumbers(
                            new TensorSink(file, layout, name), summaries[index]);
            case BOOLEAN -> new ColumnWriter.Booleans(new TensorSink(file, layout, name));
            case CATEGORICAL -> {
                var sink = new TensorSink(file, layout, name);
                var profile = schema.profiles().get(index);
                yield profile.declaration().hasCategories()
                        ? new ColumnWriter.Categories(
                                sink, new DeclaredCategories(column.categories()))
                        : new ColumnWriter.Categories(sink, column, profile.distinct());
            }
            case TEXT ->
                    new ColumnWriter.Texts(
                            new TensorSink(file, layout, TableLayout.offsets(name)),
                            new TensorSink(file, layout, TableLayout.bytes(name)));
            case IMAGE, TENSOR ->
                    throw new IllegalArgumentException(column.name() + " is not written as text");
        };
    }
}
