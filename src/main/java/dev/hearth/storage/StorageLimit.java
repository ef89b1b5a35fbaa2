package dev.hearth.storage;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Refuses bytes beyond what all blobs together may have, as they arrive.
 *
 * <p>Counted are the blobs that somebody owns, and what is arriving in this process. Processes that
 * write at the same time may pass the limit together by what they are writing.
 */
final class StorageLimit {

    /** How many bytes may arrive before the owned ones are counted anew. */
    private static final long LOOK_EVERY_BYTES = 64L << 20;

    private final OptionalLong mostBytes;
    private final BlobOwners owners;
    private final AtomicLong arriving = new AtomicLong();

    StorageLimit(OptionalLong mostBytes, BlobOwners owners) {
        this.mostBytes = mostBytes;
        this.owners = owners;
    }

    OptionalLong mostBytes() {
        return mostBytes;
    }

    /**
     * Lets bytes through as long as there is room for them; closing it ends the counting.
     *
     * @throws ProblemException (later, from its writes) where there is no room
     */
    OutputStream on(OutputStream out) {
        return mostBytes.isEmpty() ? out : new Limited(out, mostBytes.getAsLong());
    }

    private final class Limited extends FilterOutputStream {
        private final long most;
        private long owned;
        private long count;
        private long lookAt;

        Limited(OutputStream out, long most) {
            super(out);
            this.most = most;
        }

        @Override
        public void write(int one) throws IOException {
            arrive(1);
            out.write(one);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            arrive(length);
            out.write(bytes, offset, length);
        }

        private void arrive(int length) {
            if (count >= lookAt) {
                owned = owners.ownedBytes();
                lookAt = count + LOOK_EVERY_BYTES;
            }
            count += length;
            if (arriving.addAndGet(length) > most - owned) {
                throw new ProblemException(
                        ProblemCode.STORAGE_FULL,
                        "The storage may hold %d bytes (hearth.storage.max-total) and holds %d, and there is no room for what is sent now; delete data sets or models that are not needed (GET /v1/storage tells where the bytes are), or raise the limit"
                                .formatted(most, owned));
            }
        }

        @Override
        public void close() throws IOException {
            arriving.addAndGet(-count);
            count = 0;
            super.close();
        }
    }
}
