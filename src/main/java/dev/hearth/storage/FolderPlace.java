package dev.hearth.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Blobs as files of a folder: {@code ab/cdef…}, the first two digits of the hash being a folder.
 */
final class FolderPlace implements BlobPlace {

    private static final Pattern KEY = Pattern.compile("([0-9a-f]{2})/([0-9a-f]{62})");

    private final Path folder;
    private final InstantSource time;

    FolderPlace(Path folder, InstantSource time) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.time = time;
    }

    @Override
    public void store(Path unfinished, Blob blob) throws IOException {
        var path = path(blob.hash());
        if (touch(path)) {
            return;
        }
        var parent = folder.resolve(blob.hash().hex().substring(0, 2));
        Files.createDirectories(parent);
        Files.setLastModifiedTime(unfinished, FileTime.from(time.instant()));
        Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
        // The file's name must reach the disk as well as its bytes.
        try (var directory = FileChannel.open(parent, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private boolean touch(Path path) throws IOException {
        try {
            Files.setLastModifiedTime(path, FileTime.from(time.instant()));
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public Path file(Sha256 hash) throws IOException {
        var path = path(hash);
        if (!Files.exists(path)) {
            throw BlobPlace.missing(hash);
        }
        return path;
    }

    @Override
    public long sizeBytes(Sha256 hash) throws IOException {
        return Files.size(file(hash));
    }

    @Override
    public void delete(Sha256 hash) throws IOException {
        Files.deleteIfExists(path(hash));
    }

    @Override
    public void list(Consumer<List<Entry>> page) throws IOException {
        var entries = new ArrayList<Entry>();
        // Not Files.walk, which fails where a file goes while it walks.
        try (var folders = Files.newDirectoryStream(folder, Files::isDirectory)) {
            for (var parent : folders) {
                try (var files = Files.newDirectoryStream(parent)) {
                    for (var file : files) {
                        entry(file).ifPresent(entries::add);
                        if (entries.size() == PAGE) {
                            page.accept(List.copyOf(entries));
                            entries.clear();
                        }
                    }
                }
            }
        }
        page.accept(List.copyOf(entries));
    }

    /** Of a file that is a blob, and still there. */
    private Optional<Entry> entry(Path file) throws IOException {
        var key = KEY.matcher(folder.relativize(file).toString().replace('\\', '/'));
        if (!key.matches()) {
            return Optional.empty();
        }
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            var hash = new Sha256(key.group(1) + key.group(2));
            return Optional.of(
                    new Entry(
                            new Blob(hash, attributes.size()),
                            attributes.lastModifiedTime().toInstant()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** There are none: what is unfinished lies in {@link Scratch}, which looks after itself. */
    @Override
    public int endUploadsBegunBefore(Instant time) {
        return 0;
    }

    private Path path(Sha256 hash) {
        return folder.resolve(BlobPlace.key(hash));
    }
}
