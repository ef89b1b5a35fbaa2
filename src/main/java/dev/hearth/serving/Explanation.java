package dev.hearth.serving;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What one row's output is put down to.
 *
 * @param prediction as without an explanation
 * @param explainedClass the class whose output is explained; null for numbers
 * @param explainedOutput the column whose output is explained; null for classes
 * @param output the model's own, before what makes a probability of it
 * @param baselineOutput the same output where the model's input is zeros; of integrated gradients
 * @param delta what the attributions are together beyond {@code output − baselineOutput}, which is
 *     the error of the integration; of integrated gradients
 * @param attributions by column; of images and tensors nested lists in the shape of the model's
 *     input
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Explanation(
        Prediction prediction,
        @Nullable Object explainedClass,
        @Nullable String explainedOutput,
        double output,
        @Nullable Double baselineOutput,
        @Nullable Double delta,
        @Schema(
                        types = {"object", "array"},
                        description =
                                "By column, or nested lists in the shape of the model's input")
                Object attributions) {}
