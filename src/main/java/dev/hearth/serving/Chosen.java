package dev.hearth.serving;

import dev.hearth.model.ModelVersion;

/**
 * The version that answers a request.
 *
 * @param asked what the request called the model, such as {@code iris@prod}
 * @param witness is told what was answered
 */
public record Chosen(ModelVersion version, String asked, Witness witness) {

    /** Sees what a request was answered; takes no time, and does not fail. */
    @FunctionalInterface
    public interface Witness {

        /** Nobody looks. */
        Witness NOBODY = (_, _) -> {};

        /**
         * @param outputs {@code [rows, outputs]}, row-major
         */
        void answered(Rows rows, float[] outputs);
    }
}
