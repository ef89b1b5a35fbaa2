package dev.hearth.upload;

import dev.hearth.storage.Sha256;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An upload as its client sees it.
 *
 * @param owner the name before the key that it was announced with, or {@code default}
 * @param partBytes the size of every part but the last
 * @param parts how many parts there are
 * @param receivedBytes of the parts that are stored
 * @param missing the numbers of the parts that are not
 * @param expiresAt when it is deleted, unless another part comes before
 */
record UploadView(
        UUID id,
        String owner,
        String name,
        long sizeBytes,
        @Nullable String sha256,
        long partBytes,
        int parts,
        long receivedBytes,
        List<Integer> missing,
        Instant createdAt,
        Instant expiresAt) {

    static UploadView of(Upload upload) {
        return new UploadView(
                upload.id().value(),
                upload.owner().name(),
                upload.name(),
                upload.sizeBytes(),
                upload.sha256().map(Sha256::hex).orElse(null),
                upload.partBytes(),
                upload.parts(),
                upload.receivedBytes(),
                upload.missing(),
                upload.createdAt(),
                upload.expiresAt());
    }
}
