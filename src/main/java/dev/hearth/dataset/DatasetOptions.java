package dev.hearth.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hearth.problem.JsonPointer;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How to read an uploaded file; the part {@code options} of an upload.
 *
 * @param name what to call the data set; by default the file's name
 * @param columns what is declared of columns, by their names: see {@link ColumnOptions}
 * @param delimiter what separates cells: a comma by default (a tab in a file called {@code .tsv}),
 *     or a semicolon, a tab, a bar
 * @param quote what encloses a cell that contains the delimiter: {@code "} by default, or {@code '}
 * @param header whether the first row is the names of the columns, as it is by default; else they
 *     are called {@code column_1} and so on
 * @param encoding of a file of text: {@code UTF-8} by default, {@code UTF-16LE}, {@code UTF-16BE},
 *     {@code ISO-8859-1}, {@code windows-1252}
 * @param images how to read pictures
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DatasetOptions(
        @Nullable String name,
        @Schema(
                        description =
                                "By column name the word for its type (numeric, integer, boolean,"
                                        + " categorical, text), or an object of type, categories"
                                        + " (in their order) and missing (what stands for missing"
                                        + " values: reject, mean, median, most_frequent, or"
                                        + " {strategy: constant, fill_value})",
                        example =
                                "{\"size\": {\"type\": \"categorical\", \"categories\": [\"S\", \"M\"]}}")
                @Nullable Map<String, JsonNode> columns,
        @Nullable String delimiter,
        @Nullable String quote,
        @Nullable Boolean header,
        @Nullable String encoding,
        @Nullable ImageOptions images) {

    static final DatasetOptions NONE = new DatasetOptions(null, null, null, null, null, null, null);

    static final String DELIMITERS = ",;\t|";
    static final String QUOTES = "\"'";
    static final int MAX_NAME_CHARS = 200;

    /** By their names, which are taken whatever their case. */
    private static final List<Charset> ENCODINGS =
            List.of(
                    StandardCharsets.UTF_8,
                    StandardCharsets.UTF_16LE,
                    StandardCharsets.UTF_16BE,
                    StandardCharsets.ISO_8859_1,
                    Charset.forName("windows-1252"));

    /** Options that were found to be possible, whatever the file. */
    record Reading(
            Map<String, ColumnDeclaration> columns,
            Optional<Character> delimiter,
            char quote,
            boolean hasHeader,
            Charset encoding) {

        /** How a CSV file of this name is written. */
        CsvDialect dialect(String file) {
            char usual = file.toLowerCase(Locale.ROOT).endsWith(".tsv") ? '\t' : ',';
            return new CsvDialect(delimiter.orElse(usual), quote, encoding);
        }
    }

    /** Only these types; everything else as usual. */
    static DatasetOptions ofColumns(Map<String, JsonNode> columns) {
        return new DatasetOptions(null, columns, null, null, null, null, null);
    }

    /** What is declared of columns; these take precedence over {@code others}. */
    Map<String, JsonNode> columnsOver(Map<String, JsonNode> others) {
        var all = new LinkedHashMap<>(others);
        if (columns != null) {
            columns.forEach(
                    (column, declared) -> all.merge(column, declared, ColumnOptions::merged));
        }
        return all;
    }

    DatasetOptions withColumns(@Nullable Map<String, JsonNode> declared) {
        return new DatasetOptions(name, declared, delimiter, quote, header, encoding, images);
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
        if (quote != null && (quote.length() != 1 || !QUOTES.contains(quote))) {
            violations.add(
                    new Violation(
                            "/quote", "expected one of \"\\\"\" \"'\", got \"" + quote + "\""));
        }
        var charset =
                ENCODINGS.stream()
                        .filter(known -> encoding != null && isCalled(known, encoding))
                        .findFirst();
        if (encoding != null && charset.isEmpty()) {
            violations.add(
                    new Violation(
                            "/encoding",
                            "expected one of %s, got %s"
                                    .formatted(
                                            ENCODINGS.stream()
                                                    .map(Charset::name)
                                                    .collect(Collectors.joining(", ")),
                                            encoding)));
        }
        if (images != null) {
            images.check(violations::add);
        }
        var declared =
                new ColumnOptions(violations::add).read(columns == null ? Map.of() : columns);
        if (!violations.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.INVALID_DATASET,
                    "The options are not valid: " + violations.getFirst().message(),
                    violations);
        }
        return new Reading(
                declared,
                delimiter == null ? Optional.empty() : Optional.of(delimiter.charAt(0)),
                quote == null ? CsvDialect.QUOTE : quote.charAt(0),
                header == null || header,
                charset.orElse(StandardCharsets.UTF_8));
    }

    static String pointer(String column) {
        return "/columns/" + JsonPointer.escaped(column);
    }

    private static boolean isCalled(Charset charset, String name) {
        return charset.name().equalsIgnoreCase(name)
                || charset.aliases().stream().anyMatch(alias -> alias.equalsIgnoreCase(name));
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }
}
