package dev.hearth.upload;

import dev.hearth.http.Identifiers;
import java.util.UUID;

/** Names an upload. */
public record UploadId(UUID value) {

    /**
     * @throws dev.hearth.problem.ProblemException where {@code text} is no ID
     */
    public static UploadId parse(String text) {
        return new UploadId(Identifiers.parse(text, "upload"));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
