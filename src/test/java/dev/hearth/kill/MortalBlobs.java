package dev.hearth.kill;

import dev.hearth.http.Owner;
import dev.hearth.storage.Blob;
import dev.hearth.storage.BlobSink;
import dev.hearth.storage.BlobStore;
import dev.hearth.storage.Reservation;
import dev.hearth.storage.Sha256;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Stores blobs, and dies at some point in between. What was written before has left the process.
 */
record MortalBlobs(BlobStore real, Death death) implements BlobStore {

    private static final StackWalker STACK = StackWalker.getInstance();

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
                return MortalBlobs.this.put(claim, writer);
            }

            @Override
            public void close() {
                claim.close();
            }
        };
    }

    private Blob put(BlobSink sink, Writer writer) throws IOException {
        if (!death.isTraining() || !isOfACheckpoint()) {
            return sink.put(writer);
        }
        death.storing();
        var counting = new Counting(OutputStream.nullOutputStream());
        writer.writeTo(counting);
        long size = counting.count;
        Blob blob =
                sink.put(out -> {
                    death.at(DeathPoint.BEFORE_THE_FIRST_BYTE);
                    writer.writeTo(new Dying(out, death, size));
                    out.flush();
                    death.at(DeathPoint.WRITTEN_AND_NOT_YET_SYNCHRONISED);
                });
        death.at(DeathPoint.RENAMED);
        return blob;
    }

    private static boolean isOfACheckpoint() {
        return STACK.walk(frames ->
                frames.anyMatch(
                        frame -> frame.getClassName().equals("dev.hearth.run.RunCheckpoints")));
    }

    @Override
    public InputStream open(Sha256 hash) throws IOException {
        return real.open(hash);
    }

    @Override
    public Path file(Sha256 hash) throws IOException {
        return real.file(hash);
    }

    @Override
    public void own(String owner, Owner account, Sha256 hash) {
        real.own(owner, account, hash);
    }

    @Override
    public void release(String owner) {
        real.release(owner);
    }

    private static class Counting extends FilterOutputStream {
        long count;

        Counting(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int one) throws IOException {
            out.write(one);
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            count += length;
        }
    }

    private static final class Dying extends Counting {
        private final Death death;
        private final long size;

        Dying(OutputStream out, Death death, long size) {
            super(out);
            this.death = death;
            this.size = size;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int begin = offset;
            for (DeathPoint point : DeathPoint.values()) {
                long place = point.place(size);
                if (place > count && place <= count + offset + length - begin) {
                    int until = (int) (place - count);
                    super.write(bytes, begin, until);
                    begin += until;
                    if (point == death.point()) {
                        flush();
                        death.at(point);
                    }
                }
            }
            super.write(bytes, begin, offset + length - begin);
        }
    }
}
