package dev.hearth.python;

import java.util.stream.Collectors;

/**
 * Values as Python writes them. What comes from users reaches a Python file through {@link
 * #of(String)} alone, so that it stays a value and is never code.
 */
final class Literal {

    private Literal() {}

    /**
     * A string between double quotes. Letters and signs of any language stay as they are; what ends
     * the string or a line, and what cannot be seen, is escaped.
     */
    static String of(String text) {
        return text.codePoints()
                .mapToObj(Literal::character)
                .collect(Collectors.joining("", "\"", "\""));
    }

    private static String character(int c) {
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> isVisible(c) ? Character.toString(c) : escaped(c);
        };
    }

    /** Not control, format (those that turn the direction of text too), surrogate or unassigned. */
    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    private static String escaped(int c) {
        if (c <= 0xFF) {
            return "\\x%02x".formatted(c);
        }
        return (c <= 0xFFFF ? "\\u%04x" : "\\U%08x").formatted(c);
    }

    /** The shortest digits that give this number back: {@code 0.001}, {@code 1e-8}. */
    static String of(double value) {
        if (Double.isNaN(value)) {
            return "float(\"nan\")";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "float(\"inf\")" : "-float(\"inf\")";
        }
        return Double.toString(value).replace(".0E", "e").replace('E', 'e');
    }

    static String of(long value) {
        return Long.toString(value);
    }

    static String of(boolean value) {
        return value ? "True" : "False";
    }
}
