package dev.hearth.storage;

import dev.hearth.storage.BlobOwners.Ending;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blobs as files of a folder: {@code ab/cdef…}, the first two digits of the hash being a folder.
 *
 * <p>A transaction that stores or owns a blob holds that blob's lock until its end, and deletion
 * takes the same lock. So no blob disappears between being stored and being owned, and one that was
 * stored by a transaction that failed is deleted again.
 */
final class FolderBlobStore implements BlobStore {

    private static final Logger LOG = LoggerFactory.getLogger(FolderBlobStore.class);
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path folder;
    private final Scratch scratch;
    private final BlobOwners owners;

    FolderBlobStore(Path folder, Scratch scratch, BlobOwners owners) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.scratch = scratch;
        this.owners = owners;
    }

    @Override
    public Blob put(Writer writer) throws IOException {
        var unfinished = scratch.newFile();
        try {
            var digest = Sha256.newDigest();
            try (var file = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                var hashing = new DigestOutputStream(Channels.newOutputStream(file), digest);
                var out = new BufferedOutputStream(hashing, BUFFER_BYTES);
                writer.writeTo(out);
                out.flush();
                file.force(true);
            }
            var blob = new Blob(Sha256.of(digest), Files.size(unfinished));
            publish(unfinished, blob.hash());
            return blob;
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private void publish(Path unfinished, Sha256 hash) throws IOException {
        if (owners.inTransaction()) {
            owners.lock(hash);
            owners.afterwards(Ending.ROLLED_BACK, () -> deleteIfUnowned(hash));
        }
        var path = path(hash);
        if (Files.exists(path)) {
            return;
        }
        var parent = folder.resolve(hash.hex().substring(0, 2));
        Files.createDirectories(parent);
        Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
        // The file's name must reach the disk as well as its bytes.
        try (var directory = FileChannel.open(parent, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    @Override
    public InputStream open(Sha256 hash) throws IOException {
        return Files.newInputStream(file(hash));
    }

    @Override
    public Path file(Sha256 hash) throws IOException {
        var path = path(hash);
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString(), null, "there is no blob " + hash);
        }
        return path;
    }

    @Override
    public void own(String owner, Sha256 hash) {
        owners.inOneTransaction(() -> {
            owners.lock(hash);
            try {
                owners.add(owner, new Blob(hash, Files.size(file(hash))));
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
            owners.ifUnowned(
                    hash,
                    () -> {
                        try {
                            Files.deleteIfExists(path(hash));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        } catch (RuntimeException e) {
            // The transaction is over, and its outcome does not depend on this.
            LOG.warn("Blob {} belongs to nobody and could not be deleted", hash, e);
        }
    }

    private Path path(Sha256 hash) {
        return folder.resolve(hash.hex().substring(0, 2)).resolve(hash.hex().substring(2));
    }
}
