package dev.hearth.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Immutable bytes by content hash. A blob is either there whole or not there: writing goes to a
 * temporary place and becomes visible in one atomic step, and two writers of the same bytes meet in
 * one blob. The bytes lie in a folder or in an object store (see {@code hearth.storage}).
 *
 * <p>A blob lives as long as somebody owns it. Owners are recorded in the database, in the caller's
 * transaction, so a rolled-back insert owns nothing.
 */
public interface BlobStore {

    /** Writes bytes to a blob that is being made. */
    @FunctionalInterface
    interface Writer {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Stores what {@code writer} writes, hashed on the way; never whole in memory. If it fails,
     * nothing is left behind.
     *
     * @throws dev.hearth.problem.ProblemException where the storage is full
     * @throws dev.hearth.problem.UnavailableException where the storage does not answer
     */
    Blob put(Writer writer) throws IOException;

    /**
     * @throws java.nio.file.NoSuchFileException where there is no such blob
     */
    InputStream open(Sha256 hash) throws IOException;

    /**
     * A local file with the blob's bytes, to be memory-mapped and never written. It may be a copy
     * in a cache: open or map it within some minutes, and ask again instead of keeping the path.
     * Whoever has it open or mapped keeps its bytes, whatever happens to its name.
     *
     * @throws java.nio.file.NoSuchFileException where there is no such blob
     */
    Path file(Sha256 hash) throws IOException;

    /** Records that {@code owner} (such as {@code dataset:…}) needs the blob. */
    void own(String owner, Sha256 hash);

    /** Ends all that {@code owner} owns, and deletes the blobs that nobody else owns. */
    void release(String owner);
}
