package dev.hearth.train;

import java.util.Map;

/**
 * How well a model does over some rows.
 *
 * @param values by metric name, in the order in which they are shown; {@code loss} is there unless
 *     no row counts
 */
public record Scores(Map<String, Double> values) {

    public double loss() {
        return values.getOrDefault("loss", Double.NaN);
    }
}
