package dev.hearth;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the service tells Prometheus.
 *
 * @param lines of samples
 */
record Scrape(List<String> lines) {

    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"");

    static Scrape of(String text) {
        return new Scrape(text.lines().filter(line -> !line.startsWith("#")).toList());
    }

    Scrape and(Scrape other) {
        return new Scrape(Stream.concat(lines.stream(), other.lines.stream()).toList());
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** The labels that any series of a metric has; {@code __name__} beside them. */
    Set<String> labelsOf(String metric) {
        return seriesOf(metric)
                .flatMap(line ->
                        Stream.concat(
                                Stream.of("__name__"),
                                LABEL.matcher(line).results().map(label -> label.group(1))))
                .collect(Collectors.toSet());
    }

    boolean hasLabel(String metric, String label, String value) {
        return seriesOf(metric)
                .anyMatch(line -> line.contains("%s=\"%s\"".formatted(label, value)));
    }

    boolean mentions(String text) {
        return lines.stream().anyMatch(line -> line.contains(text));
    }

    /** The value of a series as it is written. */
    double value(String series) {
        return lines.stream()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    private Stream<String> seriesOf(String metric) {
        return lines.stream()
                .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "));
    }
}
