package dev.hearth.problem;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says what is wrong with JSON in the words of JSON, not in those of Java. */
public final class JsonProblems {

    private static final Pattern JAVA_IN_PARENTHESES =
            Pattern.compile(" ?\\([^()]*(?:\\[Source|`|class )[^()]*(?:\\([^()]*\\)[^()]*)*\\)");

    private JsonProblems() {}

    /**
     * @return a 400 for what is not JSON, with line and column; a 422 for JSON of another shape
     *     than expected, with its pointer
     */
    public static ProblemException of(JacksonException e) {
        if (e instanceof DatabindException && !e.getPath().isEmpty()) {
            return ProblemException.at(ProblemCode.INVALID_REQUEST, pointer(e), shape(e));
        }
        var message = syntax(e);
        var location = e.getLocation();
        if (location == null || location.getLineNr() < 1) {
            return new ProblemException(
                    ProblemCode.MALFORMED_REQUEST, "The body is not valid JSON: " + message, e);
        }
        return new ProblemException(
                ProblemCode.MALFORMED_REQUEST,
                "The body is not valid JSON: line %d, column %d: %s"
                        .formatted(location.getLineNr(), location.getColumnNr(), message),
                e);
    }

    private static String syntax(JacksonException e) {
        var original = e.getOriginalMessage() == null ? "" : e.getOriginalMessage();
        if (e instanceof StreamConstraintsException) {
            return limit(original);
        }
        if (original.startsWith("Trailing token")) {
            return "expected the end, found more after the first value";
        }
        if (e instanceof MismatchedInputException) {
            return original.startsWith("No content")
                    ? "it is empty"
                    : "the value is not of the expected type";
        }
        return JAVA_IN_PARENTHESES
                .matcher(original.replaceAll(": enable `[^`]*` to allow", " is not JSON"))
                .replaceAll("");
    }

    /** Which of the limits in {@code application.yaml} was passed. */
    private static String limit(String original) {
        if (original.contains("nesting depth")) {
            return "nested too deeply; the limit is 100 levels";
        }
        if (original.contains("Number value length")) {
            return "a number is too long; the limit is 1000 characters";
        }
        if (original.contains("Name length")) {
            return "a field name is too long; the limit is 10000 characters";
        }
        return "a text or the whole is too long";
    }

    private static String shape(JacksonException e) {
        return switch (e) {
            case UnrecognizedPropertyException unknown ->
                    "unknown field; known here: " + unknown.getKnownPropertyIds();
            case InvalidFormatException wrong ->
                    "'%s' is not %s".formatted(wrong.getValue(), expected(wrong.getTargetType()));
            case MismatchedInputException wrong ->
                    "missing, or not " + expected(wrong.getTargetType());
            default -> "not a legal value";
        };
    }

    private static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "of the expected type";
        }
        if (type.isEnum()) {
            return "one of " + Arrays.toString(type.getEnumConstants());
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == int.class
                || type == long.class
                || type == Integer.class
                || type == Long.class) {
            return "an integer";
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return "a number";
        }
        if (type == String.class) {
            return "a text";
        }
        if (Iterable.class.isAssignableFrom(type) || type.isArray()) {
            return "an array";
        }
        return "an object of the expected form";
    }

    private static String pointer(JacksonException e) {
        var pointer = new StringBuilder();
        for (var step : e.getPath()) {
            pointer.append('/');
            if (step.getPropertyName() == null) {
                pointer.append(step.getIndex());
            } else {
                pointer.append(JsonPointer.escaped(step.getPropertyName()));
            }
        }
        return pointer.toString();
    }
}
