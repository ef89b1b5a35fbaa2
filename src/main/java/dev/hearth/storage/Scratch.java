package dev.hearth.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A place for unfinished files, on the same file system as the blobs or their local copies.
 *
 * <p>Each process has a folder of its own here, and holds a lock on a file beside it. At its start,
 * a process removes the folders whose lock nobody holds: what processes left behind that died. So
 * several processes may share the place.
 */
public final class Scratch implements AutoCloseable {

    private static final String LOCK_SUFFIX = ".lock";

    private final Path folder;
    private final Path lockFile;
    private final FileChannel lock;

    private Scratch(Path folder, Path lockFile, FileChannel lock) {
        this.folder = folder;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /** Opens a folder of this process in {@code place}, and removes those of dead processes. */
    public static Scratch in(Path place) throws IOException {
        Files.createDirectories(place);
        removeLeftovers(place);
        while (true) {
            var name = UUID.randomUUID().toString();
            var lockFile = place.resolve(name + LOCK_SUFFIX);
            var lock =
                    FileChannel.open(
                            lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            // Another process that starts now may have taken the file for a leftover.
            if (lock.tryLock() != null && Files.exists(lockFile)) {
                return new Scratch(Files.createDirectory(place.resolve(name)), lockFile, lock);
            }
            lock.close();
        }
    }

    /** A new empty file. Who asks for it deletes it, or moves it away. */
    public Path newFile() throws IOException {
        return Files.createTempFile(folder, "", "");
    }

    /**
     * A file with the same bytes, which takes no room where the file system has links: so neither
     * of both may be written any more. Who asks for it deletes it, or moves it away.
     */
    public Path newLink(Path file) throws IOException {
        var link = folder.resolve(UUID.randomUUID().toString());
        try {
            return Files.createLink(link, file);
        } catch (UnsupportedOperationException | FileSystemException e) {
            if (e instanceof NoSuchFileException missing) {
                throw missing;
            }
            return copy(file, link);
        }
    }

    private static Path copy(Path file, Path target) throws IOException {
        try {
            return Files.copy(file, target);
        } catch (IOException e) {
            Files.deleteIfExists(target);
            throw e;
        }
    }

    /** A new empty folder. Who asks for it deletes it. */
    public Path newFolder() throws IOException {
        return Files.createTempDirectory(folder, "");
    }

    @Override
    public void close() throws IOException {
        deleteTree(folder);
        Files.deleteIfExists(lockFile);
        lock.close();
    }

    private static void removeLeftovers(Path place) throws IOException {
        List<Path> lockFiles;
        try (var files = Files.list(place)) {
            lockFiles = files.filter(file -> file.toString().endsWith(LOCK_SUFFIX)).toList();
        }
        for (var lockFile : lockFiles) {
            try (var channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                    var lock = channel.tryLock()) {
                if (lock != null) {
                    var name = lockFile.getFileName().toString();
                    deleteTree(
                            place.resolve(name.substring(0, name.length() - LOCK_SUFFIX.length())));
                    Files.deleteIfExists(lockFile);
                }
            } catch (OverlappingFileLockException e) {
                // Held by this very process: alive, and to be left alone.
            } catch (NoSuchFileException e) {
                // Another process that starts now was faster.
            }
        }
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path folder, @Nullable IOException failure) throws IOException {
                        if (failure != null) {
                            throw failure;
                        }
                        Files.delete(folder);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
