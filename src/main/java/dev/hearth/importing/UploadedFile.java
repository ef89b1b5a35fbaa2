package dev.hearth.importing;

import dev.hearth.storage.Scratch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

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
            MessageDigest digest = newDigest();
            long size;
            try (var in = source.open();
                    var out = new DigestOutputStream(Files.newOutputStream(path), digest)) {
                size = in.transferTo(out);
            }
            return new UploadedFile(path, HexFormat.of().formatHex(digest.digest()), size);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(path);
            throw e;
        }
    }

    static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
