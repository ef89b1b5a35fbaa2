package dev.hearth.batch;

import dev.hearth.storage.Blob;
import dev.hearth.storage.BlobSink;
import dev.hearth.storage.BlobStore;
import dev.hearth.storage.Reservations;
import java.io.IOException;
import java.util.function.BiConsumer;
import org.springframework.stereotype.Component;

/** Stores results on their owners' accounts, as far as their quotas allow. */
@Component
class ResultStore {

    private final BlobStore blobs;
    private final Reservations reservations;

    ResultStore(BlobStore blobs, Reservations reservations) {
        this.blobs = blobs;
        this.reservations = reservations;
    }

    /**
     * Stores what {@code writer} writes.
     *
     * @param stored is given the bytes, and what makes them the prediction's, to be run in the
     *     transaction in which it ends; else they are deleted again
     * @throws dev.hearth.problem.ProblemException QUOTA_EXCEEDED at the first byte too many
     */
    void put(Batch batch, BlobSink.Writer writer, BiConsumer<Blob, Runnable> stored)
            throws IOException {
        try (var room = reservations.of(batch.owner());
                var claim = blobs.claim(room)) {
            Blob file = claim.put(writer);
            stored.accept(
                    file,
                    () -> {
                        blobs.own(Batches.owner(batch.id()), batch.owner(), file.hash());
                        room.settle();
                    });
        }
    }
}
