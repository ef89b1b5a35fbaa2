package dev.hearth.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How to read an uploaded file; the part {@code options} of an upload.
 *
 * @param name what to call the data set; by default the file's name
 * @param columns types by column name, for columns whose type is not to be inferred
 * @param delimiter what separates cells: a comma by default, or a semicolon, a tab, a bar
 * @param images how to read pictures
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DatasetOptions(
        @Nullable String name,
        @Nullable Map<String, String> columns,
        @Nullable String delimiter,
        @Nullable ImageOptions images) {

    static final DatasetOptions NONE = new DatasetOptions(null, null, null, null);

    static final String DELIMITERS = ",;\t|";
    static final int MAX_NAME_CHARS = 200;

    /** Options that were found to be possible, whatever the file. */
    record Reading(Map<String, ColumnType> types, char delimiter, boolean delimiterIsGiven) {}

    static DatasetOptions ofColumns(Map<String, String> columns) {
        return new DatasetOptions(null, columns, null, null);
    }

    DatasetOptions withColumns(Map<String, String> declared) {
        return new DatasetOptions(name, declared, delimiter, images);
    }

    ImageOptions imageOptions() {
        return images == null ? ImageOptions.NONE : images;
    }

    /** Checks what can be checked without the file. */
    Reading checked() {
        var violations = new ArrayList<Violation>();
        if (name != null
                && (name.isBlank() || name.length() > MAX_NAME_CHARS || hasControl(name))) {
            violations.add(
                    new Violation(
                            "/name",
                            "expected 1 to " + MAX_NAME_CHARS + " characters on one line"));
        }
        if (delimiter != null && (delimiter.length() != 1 || !DELIMITERS.contains(delimiter))) {
            violations.add(
                    new Violation(
                            "/delimiter",
                            "expected one of \",\" \";\" \"\\t\" \"|\", got \""
                                    + delimiter
                                    + "\""));
        }
        if (images != null) {
            images.check(violations::add);
        }
        var types = new LinkedHashMap<String, ColumnType>();
        if (columns != null) {
            columns.forEach((column, type) -> {
                var known = ColumnType.ofWireName(type).filter(ColumnType::isWritten);
                if (known.isPresent()) {
                    types.put(column, known.get());
                } else {
                    violations.add(
                            new Violation(
                                    pointer(column),
                                    "expected one of " + typeNames() + ", got " + type));
                }
            });
        }
        if (!violations.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.INVALID_DATASET,
                    "The options are not valid: " + violations.getFirst().message(),
                    violations);
        }
        return new Reading(types, delimiter == null ? ',' : delimiter.charAt(0), delimiter != null);
    }

    static String pointer(String column) {
        return "/columns/" + column.replace("~", "~0").replace("/", "~1");
    }

    private static String typeNames() {
        return Stream.of(ColumnType.values())
                .filter(ColumnType::isWritten)
                .map(ColumnType::wireName)
                .collect(Collectors.joining(", "));
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }
}
