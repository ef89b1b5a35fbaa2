package dev.hearth.importing;

import dev.hearth.storage.Scratch;
import dev.hearth.storage.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/** A file that was sent, in a place of our own; closing it deletes it. */
record UploadedFile(Path path, String sha256, long sizeBytes) implements AutoCloseable {

    /** Opens what was sent, once. */
    @FunctionalInterface
    interface Source {
        InputStream open() throws IOException;
    }

    static UploadedFile receive(Source source, Scratch scratch) throws IOException {
        Path path = scratch.newFile();
        try {
            MessageDigest digest = Sha256.newDigest();
            long size;
            try (var in = source.open();
                    var out = new DigestOutputStream(Files.newOutputStream(path), digest)) {
                size = in.transferTo(out);
            }
            return new UploadedFile(path, Sha256.of(digest).hex(), size);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(path);
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
