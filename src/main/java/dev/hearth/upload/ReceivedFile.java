package dev.hearth.upload;

import dev.hearth.storage.Scratch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that has arrived, in a place of our own; closing it deletes it. */
public record ReceivedFile(Path path, long sizeBytes) implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 16;

    /** Reads to the end; where that fails, nothing is left behind. */
    public static ReceivedFile of(InputStream in, Scratch scratch) throws IOException {
        Path path = scratch.newFile();
        try {
            long size = 0;
            try (var out = Files.newOutputStream(path)) {
                var buffer = new byte[BUFFER_BYTES];
                for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    out.write(buffer, 0, read);
                    size += read;
                }
            }
            return new ReceivedFile(path, size);
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
