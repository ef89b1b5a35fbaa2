package dev.hearth.storage;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Where the bytes of blobs lie. Knows nothing of owners. */
sealed interface BlobPlace permits FolderPlace, S3Place {

    /** How many entries of {@link #list} come at a time, at most. */
    int PAGE = 1000;

    /**
     * A blob that lies here.
     *
     * @param stored when it was last stored
     */
    record Entry(Blob blob, Instant stored) {}

    /**
     * Lets the blob appear, whole and in one step. One that is there already counts as stored now,
     * so that it is safe from the sweep until somebody owns it.
     *
     * @param unfinished a scratch file with exactly the blob's bytes; may be moved away
     */
    void store(Path unfinished, Blob blob) throws IOException;

    /**
     * A local file with the blob's bytes.
     *
     * @throws NoSuchFileException where there is no such blob
     */
    Path file(Sha256 hash) throws IOException;

    /**
     * @throws NoSuchFileException where there is no such blob
     */
    long sizeBytes(Sha256 hash) throws IOException;

    /** Deletes a blob that may be there. */
    void delete(Sha256 hash) throws IOException;

    /** All blobs, some at a time. */
    void list(Consumer<List<Entry>> page) throws IOException;

    /** Ends uploads that began before and never came to an end; answers how many there were. */
    int endUploadsBegunBefore(Instant time) throws IOException;

    /** Where a blob lies below the root: {@code ab/cdef…}. */
    static String key(Sha256 hash) {
        return hash.hex().substring(0, 2) + "/" + hash.hex().substring(2);
    }

    static NoSuchFileException missing(Sha256 hash) {
        return new NoSuchFileException(hash.hex(), null, "there is no blob " + hash);
    }
}
