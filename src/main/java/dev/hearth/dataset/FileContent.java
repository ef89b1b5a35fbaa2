package dev.hearth.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file's bytes, which can be read from their start as often as needed. */
@FunctionalInterface
interface FileContent {

    InputStream open() throws IOException;

    /**
     * Where it is on the disk, not to be written, for some minutes at least; empty where it would
     * have to be copied there first.
     */
    default Optional<Path> path() throws IOException {
        return Optional.empty();
    }

    /** Of a file that is on the disk already. */
    static FileContent of(Path file) {
        return new FileContent() {
            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(file);
            }

            @Override
            public Optional<Path> path() {
                return Optional.of(file);
            }
        };
    }
}
