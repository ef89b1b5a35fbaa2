package dev.hearth.spec;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.text.similarity.LevenshteinDistance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** How errors speak of what was found. What a caller sent is quoted, escaped and cut short. */
public final class Wording {

    private static final int LONGEST = 60;
    private static final Pattern SEPARATORS = Pattern.compile("[_\\s-]");

    private Wording() {}

    /** The JSON type, and the value where it is short and says more: {@code a string ("0.1")}. */
    public static String found(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING, BINARY -> "a string (" + quoted(node.asString()) + ")";
            case NUMBER -> "the number " + number(node);
            case BOOLEAN -> node.toString();
            case NULL, MISSING -> "null";
            case ARRAY -> "an array";
            case OBJECT, POJO -> "an object";
        };
    }

    /** As a JSON text, cut short. */
    public static String quoted(String text) {
        return JsonNodeFactory.instance.stringNode(clipped(text)).toString();
    }

    static String clipped(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    /** A number as it was sent, or what is left of one that no double can hold. */
    public static String number(JsonNode node) {
        return node.isDouble() && Double.isInfinite(node.doubleValue())
                ? "one past 1.8e308"
                : clipped(node.toString());
    }

    /** With thousands separated: {@code 1,000,000}. */
    public static String number(Number whole) {
        return String.format(Locale.ROOT, "%,d", whole);
    }

    /** The end of a message about an unknown name: the likely one, if there is one. */
    public static String didYouMean(String given, List<String> known) {
        return nearest(given, known).map(name -> "; did you mean " + quoted(name) + "?").orElse("");
    }

    /**
     * The known name that {@code given} most likely stands for: the same but for case and
     * separators, or its beginning ({@code CrossEntropy}), or a slip of the keyboard away.
     */
    private static Optional<String> nearest(String given, List<String> known) {
        String wanted = folded(given);
        if (wanted.isEmpty() || given.length() > LONGEST) {
            return Optional.empty();
        }
        int slips = wanted.length() <= 3 ? 1 : wanted.length() <= 8 ? 2 : 3;
        var distance = new LevenshteinDistance(slips);
        String best = "";
        int least = Integer.MAX_VALUE;
        for (String name : known) {
            String candidate = folded(name);
            int apart = distance.apply(wanted, candidate);
            if (apart < 0 && wanted.length() >= 3 && candidate.startsWith(wanted)) {
                apart = slips;
            }
            if (apart >= 0 && apart < least && apart < candidate.length()) {
                least = apart;
                best = name;
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    private static String folded(String name) {
        return SEPARATORS.matcher(name).replaceAll("").toLowerCase(Locale.ROOT);
    }
}
