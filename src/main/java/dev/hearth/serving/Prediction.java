package dev.hearth.serving;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model says of one row.
 *
 * @param label the most probable class; null for a regression
 * @param probabilities by class, adding up to 1; null for a regression
 * @param value in the target's unit; null for a class
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Prediction(
        @Nullable Object label,
        @Nullable Map<String, Double> probabilities,
        @Nullable Double value) {}
