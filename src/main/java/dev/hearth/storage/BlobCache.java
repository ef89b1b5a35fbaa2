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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Local copies of blobs that lie elsewhere, the least recently used first to go.
 *
 * <p>The folder is all that there is to know: a file's name is its blob and its time the last use.
 * So the cache survives a restart, and processes may share it. Only whole and checked files appear
 * in it; a copy that is under way lies in {@link Scratch}.
 *
 * <p>A file that was asked for stays for at least {@link #HOLD}, even if the cache is larger than
 * it should be meanwhile: time enough to open or map it. From then on it may lose its name, but
 * whoever has it open or mapped keeps its bytes.
 */
final class BlobCache {

    static final Duration HOLD = Duration.ofMinutes(10);

    /** Fetches what is not here. */
    @FunctionalInterface
    interface Source {
        /** Writes exactly the blob's bytes to a file that exists and is empty, or throws. */
        void download(Sha256 hash, Path target) throws IOException;
    }

    private record Copy(Path path, long sizeBytes, Instant used) {}

    private final Path folder;
    private final long mostBytes;
    private final Scratch scratch;
    private final InstantSource time;
    private final CacheMeters meters;
    private final ConcurrentHashMap<Sha256, CompletableFuture<Path>> underWay =
            new ConcurrentHashMap<>();

    BlobCache(Place place, Scratch scratch, InstantSource time, CacheMeters meters)
            throws IOException {
        this.folder = Files.createDirectories(place.folder());
        this.mostBytes = place.mostBytes();
        this.scratch = scratch;
        this.time = time;
        this.meters = meters;
        meters.watch(this);
        evict();
    }

    /** Where the copies lie, and how much they may have together. */
    record Place(Path folder, long mostBytes) {}

    /** The file of a blob; one fetches it, and whoever else asks meanwhile waits for that. */
    Path file(Sha256 hash, Source source) throws IOException {
        if (use(hash)) {
            meters.hit();
            return path(hash);
        }
        var mine = new CompletableFuture<Path>();
        var others = underWay.putIfAbsent(hash, mine);
        if (others != null) {
            meters.hit();
            return await(others);
        }
        try {
            // It may have arrived between the two looks.
            if (!use(hash)) {
                meters.miss();
                fetch(hash, source);
            }
            mine.complete(path(hash));
            return path(hash);
        } catch (IOException | RuntimeException e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            underWay.remove(hash, mine);
        }
    }

    private static Path await(CompletableFuture<Path> others) throws IOException {
        try {
            return others.join();
        } catch (CompletionException e) {
            throw new IOException("the blob could not be fetched", e.getCause());
        }
    }

    private void fetch(Sha256 hash, Source source) throws IOException {
        var unfinished = scratch.newFile();
        try {
            source.download(hash, unfinished);
            try (var file = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                file.force(true);
            }
            meters.downloaded(Files.size(unfinished));
            keep(unfinished, hash);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /** Takes a scratch file with exactly the blob's bytes, which have reached the disk. */
    void keep(Path unfinished, Sha256 hash) throws IOException {
        synchronized (this) {
            Files.setLastModifiedTime(unfinished, FileTime.from(time.instant()));
            Files.move(unfinished, path(hash), StandardCopyOption.ATOMIC_MOVE);
        }
        evict();
    }

    /** Deletes the copy of a blob that is deleted. */
    void forget(Sha256 hash) throws IOException {
        Files.deleteIfExists(path(hash));
    }

    /** Of all copies together. */
    long sizeBytes() throws IOException {
        return copies().stream().mapToLong(Copy::sizeBytes).sum();
    }

    long mostBytes() {
        return mostBytes;
    }

    /** Whether there is a copy, which counts as used now. */
    private synchronized boolean use(Sha256 hash) throws IOException {
        try {
            Files.setLastModifiedTime(path(hash), FileTime.from(time.instant()));
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private synchronized void evict() throws IOException {
        var copies = copies();
        copies.sort(Comparator.comparing(Copy::used));
        var used = copies.stream().mapToLong(Copy::sizeBytes).sum();
        var held = time.instant().minus(HOLD);
        for (var copy : copies) {
            if (used <= mostBytes || copy.used().isAfter(held)) {
                return;
            }
            Files.deleteIfExists(copy.path());
            used -= copy.sizeBytes();
            meters.evicted(copy.sizeBytes());
        }
    }

    private List<Copy> copies() throws IOException {
        var copies = new ArrayList<Copy>();
        try (var files = Files.newDirectoryStream(folder)) {
            for (var file : files) {
                try {
                    var attributes = Files.readAttributes(file, BasicFileAttributes.class);
                    copies.add(
                            new Copy(
                                    file,
                                    attributes.size(),
                                    attributes.lastModifiedTime().toInstant()));
                } catch (NoSuchFileException e) {
                    // Another process, or an end of its use, was faster.
                }
            }
        }
        return copies;
    }

    private Path path(Sha256 hash) {
        return folder.resolve(hash.hex());
    }
}
