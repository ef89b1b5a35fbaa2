package dev.hearth.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** A piece of a file, which can be read from its start as often as needed. */
record FileSlice(Path file, long offset, long sizeBytes) {

    private static final int BUFFER_BYTES = 1 << 16;

    InputStream open() throws IOException {
        return new Reading(FileChannel.open(file, StandardOpenOption.READ), offset, sizeBytes);
    }

    /** What S3 calls {@code Content-MD5}: the server refuses other bytes than these. */
    String md5() throws IOException {
        try (var in = open()) {
            var digest = MessageDigest.getInstance("MD5");
            var buffer = new byte[BUFFER_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return Base64.getEncoder().encodeToString(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    private static final class Reading extends InputStream {
        private final FileChannel channel;
        private final long end;
        private long position;

        Reading(FileChannel channel, long offset, long sizeBytes) {
            this.channel = channel;
            this.position = offset;
            this.end = offset + sizeBytes;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (position >= end) {
                return -1;
            }
            int wanted = (int) Math.min(length, end - position);
            int read = channel.read(ByteBuffer.wrap(buffer, offset, wanted), position);
            position += Math.max(0, read);
            return read;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
