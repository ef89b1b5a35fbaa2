package dev.hearth;

import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an expression of Prometheus asks for, as far as ours go: every metric with braces.
 *
 * @param grouping the labels of its {@code by} clauses, or what a variable asks for
 * @param leftOver words that are no metric with braces, no function and no operator
 */
record PromExpression(List<Selector> selectors, Set<String> grouping, List<String> leftOver) {

    record Selector(String metric, Set<String> labels) {}

    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*), (\\w+)\\)");
    private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:][\\w:]*)\\{([^}]*)}");
    private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"");
    private static final Pattern BY = Pattern.compile("\\bby \\(([^)]*)\\)");
    private static final Pattern WORD = Pattern.compile("[a-zA-Z_]\\w*(?!\\w*\\s*\\()");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\s*([a-z_]\\w*)");

    static PromExpression of(String text) {
        var values = LABEL_VALUES.matcher(text);
        if (values.matches()) {
            var inner = values.group(1);
            var asked = of(inner.contains("{") ? inner : inner + "{}");
            return new PromExpression(asked.selectors(), Set.of(values.group(2)), asked.leftOver());
        }
        List<Selector> selectors =
                SELECTOR.matcher(text).results().map(PromExpression::selector).toList();
        Set<String> grouping =
                BY.matcher(text)
                        .results()
                        .flatMap(by -> Stream.of(by.group(1).split(",")))
                        .map(String::strip)
                        .collect(Collectors.toSet());
        String rest =
                text.replaceAll(SELECTOR.pattern(), "0")
                        .replaceAll(BY.pattern(), " (")
                        .replaceAll("\\[[^\\]]*]", "")
                        .replaceAll("\\b(?:or|and|unless)\\b", " ")
                        .replace("+Inf", "0");
        return new PromExpression(
                selectors, grouping, WORD.matcher(rest).results().map(MatchResult::group).toList());
    }

    private static Selector selector(MatchResult found) {
        return new Selector(
                found.group(1),
                LABEL.matcher(found.group(2))
                        .results()
                        .map(label -> label.group(1))
                        .collect(Collectors.toSet()));
    }

    /** The labels that a legend or a summary names. */
    static Set<String> placeholders(String text) {
        return PLACEHOLDER
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }
}
