package dev.hearth.dataset;

import java.io.IOException;

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
}
