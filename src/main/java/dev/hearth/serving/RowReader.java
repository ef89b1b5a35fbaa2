package dev.hearth.serving;

import dev.hearth.model.Target;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.LearnedStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows by column name into what the model takes, and tells everything that is wrong with them
 * at once.
 */
final class RowReader {

    private static final int MOST_VIOLATIONS = 100;

    private final Encoding encoding;
    private final Target target;
    private final Map<String, Integer> positions;
    private final List<Violation> violations = new ArrayList<>();
    private int found;

    RowReader(Encoding encoding, Target target) {
        this.encoding = encoding;
        this.target = target;
        this.positions =
                IntStream.range(0, encoding.features().size())
                        .boxed()
                        .collect(
                                Collectors.toMap(i -> encoding.features().get(i).column(), i -> i));
    }

    int width() {
        return encoding.features().size();
    }

    List<String> columns() {
        return encoding.features().stream().map(Encoding.Feature::column).toList();
    }

    /** Where a column stands in a row; null for one that the model does not take. */
    @Nullable Integer position(String column) {
        return positions.get(column);
    }

    /** A column that need not be there but may: one to be predicted. */
    boolean isTarget(String column) {
        return target.columns().contains(column);
    }

    /** Whether a column's value may be missing. */
    boolean mayMiss(int column) {
        return encoding.fills().containsKey(encoding.features().get(column).column());
    }

    /**
     * A cell that is not there, as the program takes it: NaN, with a violation noted where the
     * model has nothing to put in its place.
     *
     * @param found as in "expected a value, got …"
     */
    double missing(int column, String pointer, String found) {
        return mayMiss(column)
                ? Double.NaN
                : refuse(
                        pointer,
                        "expected a value, got %s; the model was trained without missing values of this column"
                                .formatted(found));
    }

    /** The cell's value as the program takes it; NaN with a violation noted where it has none. */
    double number(int column, double value, String pointer) {
        return switch (encoding.features().get(column)) {
            case Encoding.Standardized _, Encoding.Numeric _ -> finite(value, pointer);
            case Encoding.Scaled scaled -> scalable(scaled, finite(value, pointer), pointer);
            case Encoding.Flag _ -> refuse(pointer, "expected true or false, got a number");
            case Encoding.OneHot(_, List<String> categories) ->
                    categoryOfNumber(categories, value, pointer);
            case Encoding.Ordinal(_, List<String> categories) ->
                    categoryOfNumber(categories, value, pointer);
        };
    }

    /** A word, as JSON's strings and CSV's cells are. */
    double word(int column, String word, String pointer, boolean fromCsv) {
        return switch (encoding.features().get(column)) {
            case Encoding.Scaled scaled ->
                    fromCsv
                            ? scalable(scaled, parse(word, pointer), pointer)
                            : refuse(pointer, "expected a number, got a string");
            case Encoding.Standardized _, Encoding.Numeric _ ->
                    fromCsv
                            ? parse(word, pointer)
                            : refuse(pointer, "expected a number, got a string");
            case Encoding.Flag _ ->
                    fromCsv
                            ? flag(word, pointer)
                            : refuse(pointer, "expected true or false, got a string");
            case Encoding.OneHot(_, List<String> categories) -> category(categories, word, pointer);
            case Encoding.Ordinal(_, List<String> categories) ->
                    category(categories, word, pointer);
        };
    }

    double bool(int column, boolean value, String pointer) {
        return switch (encoding.features().get(column)) {
            case Encoding.Flag _ -> value ? 1 : 0;
            case Encoding.Standardized _, Encoding.Numeric _, Encoding.Scaled _ ->
                    refuse(pointer, "expected a number, got a boolean");
            case Encoding.OneHot _, Encoding.Ordinal _ ->
                    refuse(pointer, "expected a string, got a boolean");
        };
    }

    /** NaN stays, since it is refused already. */
    private double scalable(Encoding.Scaled column, double value, String pointer) {
        return Double.isNaN(value) || Double.isFinite(column.apply(value))
                ? value
                : refuse(
                        pointer,
                        "%s has no value under the column's preprocessing (%s)"
                                .formatted(
                                        value,
                                        column.steps().stream()
                                                .map(LearnedStep::type)
                                                .collect(Collectors.joining(", "))));
    }

    double refuse(String pointer, String message) {
        found++;
        if (violations.size() < MOST_VIOLATIONS) {
            violations.add(new Violation(pointer, message));
        }
        return Double.NaN;
    }

    /** Whether nothing was refused. */
    boolean isContent() {
        return found == 0;
    }

    /** What was refused since this was asked last. */
    List<Violation> taken() {
        List<Violation> taken = List.copyOf(violations);
        violations.clear();
        found = 0;
        return taken;
    }

    /** Ends the reading with all that was refused. */
    void requireNoViolations() {
        if (found > 0) {
            throw new ProblemException(
                    ProblemCode.INVALID_INPUT,
                    "%d value%s cannot be used; the first: %s: %s"
                            .formatted(
                                    found,
                                    found == 1 ? "" : "s",
                                    violations.getFirst().pointer(),
                                    violations.getFirst().message()),
                    violations);
        }
    }

    private double finite(double value, String pointer) {
        return Double.isFinite(value)
                ? value
                : refuse(pointer, "expected a finite number, got " + value);
    }

    private double parse(String cell, String pointer) {
        String text = cell.strip();
        if (!text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?")) {
            return refuse(pointer, "expected a number, got " + quote(cell));
        }
        return finite(Double.parseDouble(text), pointer);
    }

    private double flag(String cell, String pointer) {
        return switch (cell.strip().toLowerCase(java.util.Locale.ROOT)) {
            case "true" -> 1;
            case "false" -> 0;
            default -> refuse(pointer, "expected true or false, got " + quote(cell));
        };
    }

    /** A category such as {@code 2} may be written as a number in JSON. */
    private double categoryOfNumber(List<String> categories, double value, String pointer) {
        String word =
                value == Math.rint(value) && Math.abs(value) < 1e15
                        ? String.valueOf((long) value)
                        : String.valueOf(value);
        return category(categories, word, pointer);
    }

    private double category(List<String> categories, String word, String pointer) {
        int index = categories.indexOf(word);
        return index >= 0
                ? index
                : refuse(
                        pointer,
                        "unknown category %s; training knew %s"
                                .formatted(quote(word), abridged(categories)));
    }

    static String abridged(List<String> categories) {
        int shown = Math.min(categories.size(), 20);
        String names =
                categories.subList(0, shown).stream()
                        .map(RowReader::quote)
                        .collect(Collectors.joining(", "));
        return shown < categories.size()
                ? names + " and " + (categories.size() - shown) + " more"
                : names;
    }

    static String quote(String text) {
        return "'" + (text.length() > 60 ? text.substring(0, 60) + "…" : text) + "'";
    }
}
