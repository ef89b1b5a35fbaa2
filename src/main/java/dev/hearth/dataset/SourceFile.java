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

    /**
     * A file with these bytes, for what does not read from the start to the end: a link where they
     * are on the disk already, else a copy. The caller deletes it, and does not write it.
     */
    Path copy(Scratch scratch) throws IOException {
        var path = content.path();
        if (path.isPresent()) {
            return scratch.newLink(path.get());
        }
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
