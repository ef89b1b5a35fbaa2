package dev.hearth.storage;

import dev.hearth.storage.BlobOwners.Ending;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blobs and their owners, wherever the bytes lie.
 *
 * <p>A transaction that stores or owns a blob holds that blob's lock until its end, and deletion
 * takes the same lock. So no blob disappears between being stored and being owned, and one that was
 * stored by a transaction that failed is deleted again.
 */
final class OwnedBlobs implements BlobStore {

    private static final Logger LOG = LoggerFactory.getLogger(OwnedBlobs.class);
    private static final int BUFFER_BYTES = 1 << 16;

    private final BlobPlace place;
    private final Scratch scratch;
    private final BlobOwners owners;
    private final StorageLimit limit;

    OwnedBlobs(BlobPlace place, Scratch scratch, BlobOwners owners, StorageLimit limit) {
        this.place = place;
        this.scratch = scratch;
        this.owners = owners;
        this.limit = limit;
    }

    @Override
    public Blob put(Writer writer) throws IOException {
        var unfinished = scratch.newFile();
        try {
            var digest = Sha256.newDigest();
            try (var file = FileChannel.open(unfinished, StandardOpenOption.WRITE);
                    var limited = limit.on(Channels.newOutputStream(file))) {
                var hashing = new DigestOutputStream(limited, digest);
                var out = new BufferedOutputStream(hashing, BUFFER_BYTES);
                writer.writeTo(out);
                out.flush();
                file.force(true);
            }
            var blob = new Blob(Sha256.of(digest), Files.size(unfinished));
            publish(unfinished, blob);
            return blob;
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private void publish(Path unfinished, Blob blob) throws IOException {
        if (owners.inTransaction()) {
            owners.lock(blob.hash());
            owners.afterwards(Ending.ROLLED_BACK, () -> deleteIfUnowned(blob.hash()));
        }
        place.store(unfinished, blob);
    }

    @Override
    public InputStream open(Sha256 hash) throws IOException {
        return Files.newInputStream(file(hash));
    }

    @Override
    public Path file(Sha256 hash) throws IOException {
        return place.file(hash);
    }

    @Override
    public void own(String owner, Sha256 hash) {
        owners.inOneTransaction(() -> {
            owners.lock(hash);
            try {
                owners.add(owner, new Blob(hash, place.sizeBytes(hash)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public void release(String owner) {
        owners.inOneTransaction(() -> {
            var released = owners.remove(owner);
            owners.afterwards(Ending.COMMITTED, () -> released.forEach(this::deleteIfUnowned));
        });
    }

    private void deleteIfUnowned(Sha256 hash) {
        try {
            owners.ifUnowned(hash, () -> place.delete(hash));
        } catch (IOException | RuntimeException e) {
            // The transaction is over, and its outcome does not depend on this; the sweep tries
            // again.
            LOG.warn("Blob {} belongs to nobody and could not be deleted", hash, e);
        }
    }
}
