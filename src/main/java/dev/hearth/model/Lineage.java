package dev.hearth.model;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Where a model's weights came from. */
public sealed interface Lineage {

    /**
     * A run trained them, on exactly this data.
     *
     * @param checkpoint its number, where the weights are not those that the run ended with
     */
    record Trained(UUID runId, UUID datasetId, String datasetSha256, Optional<Integer> checkpoint)
            implements Lineage {}

    /**
     * They were read from a file that somebody sent.
     *
     * @param format such as {@code safetensors}
     * @param like the version whose specification and preprocessing were taken
     * @param notes what was done to the file's tensors, such as a conversion
     */
    record Imported(
            String fileSha256,
            long fileSizeBytes,
            String format,
            Optional<VersionId> like,
            List<String> notes)
            implements Lineage {
        public Imported {
            notes = List.copyOf(notes);
        }
    }

    /** A version of a model, by name. */
    record VersionId(String name, int version) {}
}
