package dev.hearth.run;

import dev.hearth.http.Owner;
import dev.hearth.problem.UnavailableException;
import dev.hearth.storage.Blob;
import dev.hearth.storage.BlobSink;
import dev.hearth.storage.BlobStore;
import dev.hearth.storage.Reservation;
import dev.hearth.storage.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.IntPredicate;

/** A store that fails when a test wants it to. */
final class FailingBlobs implements BlobStore {

    /** What a store does that fails. */
    enum Fault {
        /** The disk is full after half of the bytes. */
        DISK_FULL,
        /** The store does not take them. */
        PUT_UNANSWERED,
        /** It took the bytes, and does not answer when they are to be owned. */
        OWN_UNANSWERED,
        /** It does not give back what it has. */
        READ_UNANSWERED
    }

    private final BlobStore real;
    private final Fault fault;
    private final IntPredicate which;
    private int puts;

    /**
     * @param which of the blobs that are put, from 1, the fault strikes, or was put last
     */
    FailingBlobs(BlobStore real, Fault fault, IntPredicate which) {
        this.real = real;
        this.fault = fault;
        this.which = which;
    }

    private boolean strikes(Fault wanted) {
        return fault == wanted && which.test(puts);
    }

    @Override
    public Blob put(Writer writer) throws IOException {
        return put(real, writer);
    }

    @Override
    public Blob put(Path file) throws IOException {
        return real.put(file);
    }

    @Override
    public Claim claim() {
        return claim(real.claim());
    }

    @Override
    public Claim claim(Reservation room) {
        return claim(real.claim(room));
    }

    private Claim claim(Claim claim) {
        return new Claim() {
            @Override
            public Blob put(Writer writer) throws IOException {
                return FailingBlobs.this.put(claim, writer);
            }

            @Override
            public void close() {
                claim.close();
            }
        };
    }

    private Blob put(BlobSink sink, Writer writer) throws IOException {
        puts++;
        if (strikes(Fault.PUT_UNANSWERED)) {
            throw unanswered();
        }
        boolean full = strikes(Fault.DISK_FULL);
        return sink.put(full ? out -> writer.writeTo(new Full(out)) : writer);
    }

    @Override
    public InputStream open(Sha256 hash) throws IOException {
        if (strikes(Fault.READ_UNANSWERED)) {
            throw unanswered();
        }
        return real.open(hash);
    }

    @Override
    public Path file(Sha256 hash) throws IOException {
        return real.file(hash);
    }

    @Override
    public void own(String owner, Owner account, Sha256 hash) {
        if (strikes(Fault.OWN_UNANSWERED)) {
            throw new UncheckedIOException(unanswered());
        }
        real.own(owner, account, hash);
    }

    @Override
    public void release(String owner) {
        real.release(owner);
    }

    private static UnavailableException unanswered() {
        return new UnavailableException("The store does not answer", new IOException("500"));
    }

    /** A place with room for a kilobyte. */
    private static final class Full extends OutputStream {
        private static final int ROOM = 1024;
        private final OutputStream out;
        private int count;

        Full(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int one) throws IOException {
            if (++count > ROOM) {
                throw new IOException("No space left on device");
            }
            out.write(one);
        }
    }
}
