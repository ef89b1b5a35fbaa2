package dev.hearth.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What stands for a column's missing values.
 *
 * @param fillValue the one of {@code constant}, as a cell of the column would be written
 */
@Schema(name = "MissingPolicy")
@JsonInclude(JsonInclude.Include.NON_NULL)
record MissingPolicyView(
        @Schema(allowableValues = {"reject", "mean", "median", "most_frequent", "constant"})
                String strategy,
        @Nullable String fillValue) {

    /** Null for images and tensors, of which none is missing. */
    static @Nullable MissingPolicyView of(Column column) {
        return column.type().isWritten()
                ? new MissingPolicyView(
                        column.policy().strategy().wireName(),
                        column.policy().fillValue().orElse(null))
                : null;
    }
}
