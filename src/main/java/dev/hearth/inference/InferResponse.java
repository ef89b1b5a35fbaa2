package dev.hearth.inference;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request is answered with.
 *
 * @param id of the request; null where it had none
 */
record InferResponse(
        String modelName, String modelVersion, @Nullable String id, List<Output> outputs) {

    InferResponse {
        outputs = List.copyOf(outputs);
    }

    /**
     * @param binary whether it was asked for as bytes behind the JSON
     */
    record Output(Tensor tensor, boolean binary) {}
}
