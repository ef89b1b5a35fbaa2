package dev.hearth.storage;

import dev.hearth.http.Owner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Immutable bytes by content hash. A blob is either there whole or not there: writing goes to a
 * temporary place and becomes visible in one atomic step, and two writers of the same bytes meet in
 * one blob. The bytes lie in a folder or in an object store (see {@code hearth.storage}).
 *
 * <p>A blob lives as long as somebody owns it. Owners are recorded in the database, in the caller's
 * transaction, so a rolled-back insert owns nothing.
 */
public interface BlobStore extends BlobSink {

    /**
     * Stores in the caller's transaction, to whose end the blob is safe from deletion. Outside of
     * one it is so only from {@link #own} on: whoever stores first and owns in a later transaction
     * stores with a {@link #claim}.
     */
    @Override
    Blob put(Writer writer) throws IOException;

    /**
     * Stores a scratch file as it is, in the caller's transaction. Its bytes are not written again
     * where the file system has links, so nobody may change the file afterwards. Whoever made it
     * has reserved the room; see {@link Reservations}.
     *
     * @throws dev.hearth.problem.UnavailableException where the storage does not answer
     */
    Blob put(Path file) throws IOException;

    /** Keeps what is stored with it until it is closed, by when somebody else should own it. */
    interface Claim extends BlobSink, AutoCloseable {

        /** Deletes what was stored and is owned by nobody. */
        @Override
        void close();
    }

    /** For those who store before the transaction in which they own. */
    Claim claim();

    /**
     * The same for what has to fit into its owner's quota.
     *
     * @param room grows by what is stored; its caller settles it where the bytes get their owner,
     *     and closes it
     */
    Claim claim(Reservation room);

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

    /**
     * Records that {@code owner} (such as {@code dataset:…}) needs the blob.
     *
     * @param account whose quota it counts to
     */
    void own(String owner, Owner account, Sha256 hash);

    /** Ends all that {@code owner} owns, and deletes the blobs that nobody else owns. */
    void release(String owner);
}
