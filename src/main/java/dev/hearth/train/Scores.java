package dev.hearth.train;

import dev.hearth.spec.LossSpec;
import dev.hearth.torchscript.Sums;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How well a model does over some rows.
 *
 * @param values by metric name, in the order in which they are shown; {@code loss} is always there
 */
public record Scores(Map<String, Double> values) {

    public double loss() {
        return values.getOrDefault("loss", Double.NaN);
    }

    /**
     * The scores behind a program's sums.
     *
     * <p>{@code accuracy}: the fraction of rows whose most probable class is the target. {@code
     * mae}, {@code rmse}: in the target's unit. {@code r2}: 1 − Σ(y − ŷ)² / Σ(y − ȳ)², left out
     * where all targets are equal.
     *
     * @param targetVariation Σ(y − ȳ)² over the same rows
     */
    static Scores of(Sums sums, LossSpec.Task task, double targetVariation) {
        double rows = sums.rows();
        var values = new LinkedHashMap<String, Double>();
        values.put("loss", sums.loss() / rows);
        if (task.hasClasses()) {
            values.put("accuracy", sums.correct() / rows);
        } else {
            values.put("mae", sums.absoluteError() / rows);
            values.put("rmse", Math.sqrt(sums.squaredError() / rows));
            if (targetVariation > 0) {
                values.put("r2", 1 - sums.squaredError() / targetVariation);
            }
        }
        return new Scores(values);
    }
}
