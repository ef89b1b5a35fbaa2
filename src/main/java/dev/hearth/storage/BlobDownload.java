package dev.hearth.storage;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * A blob as an answer that is saved under a name. Its hash is the {@code ETag}; {@code Range} and
 * {@code If-Range} are answered, so that a download that broke goes on.
 */
public final class BlobDownload {

    private BlobDownload() {}

    /**
     * @param ifRange the request's header {@code If-Range}, if it has one
     */
    public static ResponseEntity<Resource> of(
            BlobStore blobs, Sha256 hash, String file, MediaType type, @Nullable String ifRange)
            throws IOException {
        // Spring answers ranges of a file, and does not know If-Range: of a stream it makes none.
        boolean mayBeInParts = ifRange == null || ifRange.equals("\"" + hash.hex() + "\"");
        return ResponseEntity.ok()
                .contentType(type)
                .eTag(hash.hex())
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename(file).build().toString())
                .body(
                        mayBeInParts
                                ? new FileSystemResource(blobs.file(hash))
                                : new InputStreamResource(() -> blobs.open(hash)));
    }
}
