package dev.hearth.spec;

import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** Reads single JSON values strictly: a value of the wrong type or size is an error and empty. */
public record Values(SpecErrors errors) {

    /** Which real numbers are allowed. */
    public enum Range {
        ANY("a number"),
        NOT_NEGATIVE("a number of at least 0"),
        FRACTION("a number of at least 0 and below 1"),
        POSITIVE("a number above 0"),
        POSITIVE_FRACTION("a number above 0 and below 1"),
        ZERO_TO_ONE("a number from 0 to 1"),
        ABOVE_ZERO_TO_ONE("a number above 0 and at most 1"),
        SCALE("a number above 0 and at most 1,000,000"),
        COSINE("a number from -1 to 1");

        /** As in "expected …". */
        private final String words;

        Range(String words) {
            this.words = words;
        }

        private boolean contains(double value) {
            return switch (this) {
                case ANY -> true;
                case NOT_NEGATIVE -> value >= 0;
                case FRACTION -> value >= 0 && value < 1;
                case POSITIVE -> value > 0;
                case POSITIVE_FRACTION -> value > 0 && value < 1;
                case ZERO_TO_ONE -> value >= 0 && value <= 1;
                case ABOVE_ZERO_TO_ONE -> value > 0 && value <= 1;
                case SCALE -> value > 0 && value <= 1e6;
                case COSINE -> value >= -1 && value <= 1;
            };
        }
    }

    /** A string with at least one character that is not a space. */
    public Optional<String> string(JsonNode node, String pointer) {
        if (!node.isString()) {
            wrongType("a string", node, pointer);
            return Optional.empty();
        }
        if (node.stringValue().isBlank()) {
            errors.add(pointer, "expected a string that is not empty");
            return Optional.empty();
        }
        return Optional.of(node.stringValue());
    }

    /** Empty, and an error, for anything else. */
    public Optional<Boolean> bool(JsonNode node, String pointer) {
        if (!node.isBoolean()) {
            wrongType("true or false", node, pointer);
            return Optional.empty();
        }
        return Optional.of(node.booleanValue());
    }

    /** A whole number in the range; empty, and an error, for anything else. */
    public OptionalLong integer(JsonNode node, String pointer, long min, long max) {
        String expected =
                "a whole number from " + Wording.number(min) + " to " + Wording.number(max);
        if (!node.isNumber()) {
            wrongType(expected, node, pointer);
            return OptionalLong.empty();
        }
        if (!node.isIntegralNumber()) {
            errors.add(
                    pointer,
                    "expected %s, got %s; write it without fraction and exponent"
                            .formatted(expected, Wording.number(node)));
            return OptionalLong.empty();
        }
        BigInteger value = node.bigIntegerValue();
        if (value.compareTo(BigInteger.valueOf(min)) < 0
                || value.compareTo(BigInteger.valueOf(max)) > 0) {
            errors.add(
                    pointer,
                    "expected %s, got %s".formatted(expected, Wording.clipped(value.toString())));
            return OptionalLong.empty();
        }
        return OptionalLong.of(value.longValueExact());
    }

    /** A finite number. */
    public OptionalDouble number(JsonNode node, String pointer, Range range) {
        if (!node.isNumber()) {
            wrongType(range.words, node, pointer);
            return OptionalDouble.empty();
        }
        // Jackson refuses to convert what is past the largest double, and so do we.
        OptionalDouble value = node.asDoubleOpt();
        if (value.isEmpty() || !Double.isFinite(value.getAsDouble())) {
            errors.add(pointer, "expected a number within ±1.8e308, got " + Wording.number(node));
            return OptionalDouble.empty();
        }
        if (!range.contains(value.getAsDouble())) {
            errors.add(pointer, "expected %s, got %s".formatted(range.words, Wording.number(node)));
            return OptionalDouble.empty();
        }
        return value;
    }

    /** Records that {@code node} is not what was expected. */
    public void wrongType(String expected, JsonNode node, String pointer) {
        String mend =
                node.isNull()
                        ? "; leave the field out for its default"
                        : node.isString() && looksUnquoted(node.stringValue())
                                ? "; write it without quotes"
                                : "";
        errors.add(pointer, "expected %s, got %s%s".formatted(expected, Wording.found(node), mend));
    }

    private static boolean looksUnquoted(String text) {
        return text.equals("true")
                || text.equals("false")
                || text.matches("-?[0-9]{1,20}(\\.[0-9]{1,20})?([eE][-+]?[0-9]{1,3})?");
    }
}
