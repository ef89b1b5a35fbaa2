package dev.hearth.dataset;

import dev.hearth.storage.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file as it was sent.
 *
 * @param name as the client called it, without folders
 * @param kind by its first bytes, never by its name alone
 */
record SourceFile(String name, FileKind kind, long sizeBytes, FileContent content) {

    static SourceFile of(String name, long sizeBytes, FileContent content) throws IOException {
        return new SourceFile(name, FileKind.of(name, content), sizeBytes, content);
    }

    /** A copy on disk, for what does not read from the start to the end; the caller deletes it. */
    Path copy(Scratch scratch) throws IOException {
        Path copy = scratch.newFile();
        try (var in = content.open()) {
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            return copy;
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(copy);
            throw e;
        }
    }
}
