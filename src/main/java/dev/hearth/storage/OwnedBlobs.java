package dev.hearth.storage;

import dev.hearth.http.Owner;
import dev.hearth.storage.BlobOwners.Ending;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.util.Optional;
import java.util.UUID;
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
    private final Reservations reservations;

    OwnedBlobs(BlobPlace place, Scratch scratch, BlobOwners owners, Reservations reservations) {
        this.place = place;
        this.scratch = scratch;
        this.owners = owners;
        this.reservations = reservations;
    }

    @Override
    public Blob put(Writer writer) throws IOException {
        return put(writer, this::keepUntilTheTransactionEnds);
    }

    /** Sees to it that a blob that is about to be stored is not deleted before it is owned. */
    @FunctionalInterface
    private interface Safeguard {
        void over(Blob blob);
    }

    private Blob put(Writer writer, Safeguard safeguard) throws IOException {
        var room = reservations.ofNobody();
        try {
            return put(writer, safeguard, room);
        } finally {
            // In a transaction, the bytes have owners only at its end.
            if (owners.inTransaction()) {
                owners.afterwards(Ending.COMMITTED, room::close);
                owners.afterwards(Ending.ROLLED_BACK, room::close);
            } else {
                room.close();
            }
        }
    }

    private Blob put(Writer writer, Safeguard safeguard, Reservation room) throws IOException {
        var unfinished = scratch.newFile();
        try {
            var digest = Sha256.newDigest();
            try (var file = FileChannel.open(unfinished, StandardOpenOption.WRITE);
                    var reserving = new ReservingStream(Channels.newOutputStream(file), room)) {
                var hashing = new DigestOutputStream(reserving, digest);
                var out = new BufferedOutputStream(hashing, BUFFER_BYTES);
                writer.writeTo(out);
                out.flush();
                file.force(true);
            }
            return publish(unfinished, Sha256.of(digest), safeguard);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private Blob publish(Path unfinished, Sha256 hash, Safeguard safeguard) throws IOException {
        var blob = new Blob(hash, Files.size(unfinished));
        safeguard.over(blob);
        place.store(unfinished, blob);
        return blob;
    }

    @Override
    public Blob put(Path file) throws IOException {
        var digest = Sha256.newDigest();
        try (var in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        var link = scratch.newLink(file);
        try {
            try (var linked = FileChannel.open(link, StandardOpenOption.WRITE)) {
                linked.force(true);
            }
            return publish(link, Sha256.of(digest), this::keepUntilTheTransactionEnds);
        } finally {
            Files.deleteIfExists(link);
        }
    }

    private void keepUntilTheTransactionEnds(Blob blob) {
        if (owners.inTransaction()) {
            owners.lock(blob.hash());
            owners.afterwards(Ending.ROLLED_BACK, () -> deleteIfUnowned(blob.hash()));
        }
    }

    @Override
    public Claim claim() {
        return new Claimed(BlobOwners.CLAIM + UUID.randomUUID(), Optional.empty());
    }

    @Override
    public Claim claim(Reservation room) {
        return new Claimed(BlobOwners.CLAIM + UUID.randomUUID(), Optional.of(room));
    }

    /** Owns what it stores before it stores it, so that nobody else's letting go deletes it. */
    private final class Claimed implements Claim {

        private final String name;
        private final Optional<Reservation> room;

        Claimed(String name, Optional<Reservation> room) {
            this.name = name;
            this.room = room;
        }

        @Override
        public Blob put(Writer writer) throws IOException {
            return room.isPresent()
                    ? OwnedBlobs.this.put(writer, this::own, room.get())
                    : OwnedBlobs.this.put(writer, this::own);
        }

        private void own(Blob blob) {
            owners.inOneTransaction(() -> {
                owners.lock(blob.hash());
                owners.add(name, Optional.empty(), blob);
            });
        }

        @Override
        public void close() {
            release(name);
        }
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
    public void own(String owner, Owner account, Sha256 hash) {
        owners.inOneTransaction(() -> {
            owners.lock(hash);
            try {
                owners.add(owner, Optional.of(account), new Blob(hash, place.sizeBytes(hash)));
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
