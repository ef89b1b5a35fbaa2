package dev.hearth.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A small file system of its own, for blobs and unfinished files, that can be filled. */
record SmallDisk(Path root) implements AutoCloseable {

    static SmallDisk mount(String size) throws IOException {
        Path root = Files.createTempDirectory("hearth-disk");
        run("mount", "-t", "tmpfs", "-o", "size=" + size, "hearth", root.toString());
        return new SmallDisk(root);
    }

    /** Everything else, the database among it, stays where it is. */
    void place(Path data) {
        try {
            Files.createDirectories(data);
            for (String name : List.of("blobs", "scratch")) {
                Path there = Files.createDirectory(root.resolve(name));
                Files.createSymbolicLink(data.resolve(name), there);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Until not a byte more can be written. */
    void fill() {
        var block = new byte[1 << 12];
        try (OutputStream out =
                Files.newOutputStream(
                        root.resolve("filler"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left on device");
        }
    }

    void empty() throws IOException {
        Files.delete(root.resolve("filler"));
    }

    private static void run(String... command) throws IOException {
        try {
            assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        run("umount", "-l", root.toString());
        Files.delete(root);
    }
}
