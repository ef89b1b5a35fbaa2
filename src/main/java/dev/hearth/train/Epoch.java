package dev.hearth.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one epoch came to.
 *
 * @param number from 1
 * @param training over the epoch's mini-batches as they were trained, with dropout on
 * @param validation after the epoch, in evaluation mode; empty where no rows are held out
 * @param lr the learning rate of the epoch's last step, of parameters without a group of their own
 * @param nanos the whole epoch, evaluation included
 */
public record Epoch(
        int number, Scores training, Optional<Scores> validation, double lr, long nanos) {

    /** All of it by names such as {@code train_loss}, {@code validation_loss} and {@code lr}. */
    public Map<String, Double> metrics() {
        var metrics = new LinkedHashMap<String, Double>();
        training.values().forEach((name, value) -> metrics.put("train_" + name, value));
        validation.ifPresent(scores ->
                scores.values().forEach((name, value) -> metrics.put("validation_" + name, value)));
        metrics.put("lr", lr);
        return metrics;
    }
}
