package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.kagkarlsson.scheduler.testhelper.SettableClock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobCacheTest {

    private static final int BLOB_BYTES = 1000;
    private static final int ROOM_BYTES = 2500;

    @TempDir Path folder;

    private final SettableClock clock = new SettableClock();
    private final AtomicInteger downloads = new AtomicInteger();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private Scratch scratch;
    private BlobCache cache;

    @BeforeEach
    void open() throws IOException {
        clock.set(Instant.parse("2030-01-01T12:00:00Z"));
        scratch = Scratch.in(folder.resolve("scratch"));
        cache = cacheOf(ROOM_BYTES);
    }

    @AfterEach
    void close() throws IOException {
        scratch.close();
    }

    private BlobCache cacheOf(long mostBytes) throws IOException {
        return new BlobCache(
                new BlobCache.Place(folder.resolve("cache"), mostBytes),
                scratch,
                clock::now,
                new CacheMeters(meters));
    }

    private static Sha256 hash(int number) {
        return new Sha256("%064x".formatted(number));
    }

    private Path file(int number) throws IOException {
        return cache.file(hash(number), this::download);
    }

    private void download(Sha256 hash, Path target) throws IOException {
        downloads.incrementAndGet();
        Files.write(target, new byte[BLOB_BYTES]);
    }

    private void later() {
        clock.tick(BlobCache.HOLD.plus(Duration.ofSeconds(1)));
    }

    private Path copy(int number) {
        return folder.resolve("cache").resolve(hash(number).hex());
    }

    @Test
    void aBlobIsFetchedOnce() throws IOException {
        var first = file(1);

        assertThat(file(1)).isEqualTo(first).hasSize(BLOB_BYTES);
        assertThat(downloads).hasValue(1);
        assertThat(requests("hit")).isEqualTo(1);
        assertThat(requests("miss")).isEqualTo(1);
        assertThat(meters.get("hearth.storage.cache.downloaded").counter().count())
                .isEqualTo(BLOB_BYTES);
        assertThat(meters.get("hearth.storage.cache.size").gauge().value()).isEqualTo(BLOB_BYTES);
    }

    private double requests(String result) {
        return meters.get("hearth.storage.cache.requests").tag("result", result).counter().count();
    }

    @Test
    void whoAsksMeanwhileWaitsForTheSameFetch() throws Exception {
        var begun = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        BlobCache.Source slow =
                (hash, target) -> {
                    begun.countDown();
                    try {
                        mayEnd.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    download(hash, target);
                };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ArrayList<Future<Path>>();
            asked.add(threads.submit(() -> cache.file(hash(1), slow)));
            begun.await();
            for (var i = 0; i < 5; i++) {
                asked.add(threads.submit(() -> cache.file(hash(1), slow)));
            }
            mayEnd.countDown();
            for (var answer : asked) {
                assertThat(answer.get()).hasSize(BLOB_BYTES);
            }
        }
        assertThat(downloads).hasValue(1);
    }

    @Test
    void theLeastRecentlyUsedGoes() throws IOException {
        file(1);
        later();
        file(2);
        later();
        file(1);
        later();

        file(3);

        assertThat(copy(1)).exists();
        assertThat(copy(2)).doesNotExist();
        assertThat(copy(3)).exists();
        assertThat(meters.get("hearth.storage.cache.evicted").counter().count())
                .isEqualTo(BLOB_BYTES);
    }

    @Test
    void whatWasAskedForJustNowStaysEvenIfThereIsNoRoom() throws IOException {
        file(1);
        file(2);
        file(3);

        assertThat(copy(1)).exists();
        assertThat(cache.sizeBytes()).isEqualTo(3L * BLOB_BYTES);

        later();
        file(4);

        assertThat(cache.sizeBytes()).isLessThanOrEqualTo(ROOM_BYTES);
    }

    @Test
    void aMappedFileKeepsItsBytesWhenItsNameGoes() throws IOException {
        try (var file = new RandomAccessFile(file(1).toFile(), "r")) {
            var mapped = file.getChannel().map(FileChannel.MapMode.READ_ONLY, 0, BLOB_BYTES);
            later();
            file(2);
            file(3);

            assertThat(copy(1)).doesNotExist();
            assertThat(mapped.get(BLOB_BYTES - 1)).isZero();
        }
    }

    @Test
    void aRestartFindsTheCopiesAndKeepsToItsRoom() throws IOException {
        file(1);
        later();
        file(2);
        later();

        cache = cacheOf(BLOB_BYTES);

        assertThat(copy(1)).doesNotExist();
        file(2);
        assertThat(downloads).hasValue(2);
    }

    @Test
    void aFetchThatFailsLeavesNothingAndTheNextOneWorks() throws IOException {
        assertThatThrownBy(() ->
                        cache.file(
                                hash(1),
                                (_, target) -> {
                                    Files.write(target, new byte[10]);
                                    throw new IOException("cut off");
                                }))
                .hasMessage("cut off");

        assertThat(folder.resolve("cache")).isEmptyDirectory();
        assertThat(scratch.newFolder().getParent()).isDirectoryNotContaining("glob:**.tmp");
        assertThat(file(1)).hasSize(BLOB_BYTES);
    }
}
