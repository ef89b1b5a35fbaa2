package dev.hearth.storage;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Deletes blobs that nobody owns: what processes stored that died before they could own it, and
 * what could not be deleted when its owner let go.
 *
 * <p>Only what is older than the grace goes, since a blob is stored before it is owned. Each
 * deletion holds the blob's lock and asks for owners again.
 */
final class BlobSweep {

    private static final Logger log = LoggerFactory.getLogger(BlobSweep.class);

    /** When to look, and what is old enough. */
    record Pace(Duration every, Duration grace) {}

    /**
     * What a sweep did.
     *
     * @param kept how many blobs stay
     * @param deleted how many went
     * @param deletedBytes how many bytes they had
     * @param endedUploads how many uploads were ended that would never have come to an end
     */
    record Swept(long kept, long deleted, long deletedBytes, int endedUploads) {}

    private final BlobPlace place;
    private final BlobOwners owners;
    private final InstantSource time;
    private final Pace pace;
    private final Counter blobs;
    private final Counter bytes;

    BlobSweep(
            BlobPlace place,
            BlobOwners owners,
            InstantSource time,
            Pace pace,
            MeterRegistry registry) {
        this.place = place;
        this.owners = owners;
        this.time = time;
        this.pace = pace;
        this.blobs =
                Counter.builder("hearth.storage.swept.blobs")
                        .description("Blobs that nobody owned and that were deleted for it")
                        .register(registry);
        this.bytes =
                Counter.builder("hearth.storage.swept")
                        .baseUnit("bytes")
                        .description("Of the blobs that nobody owned")
                        .register(registry);
    }

    /** Whichever process looks first when a sweep is due does it. */
    @Scheduled(initialDelay = 1, fixedDelay = 1, timeUnit = TimeUnit.MINUTES)
    void whenDue() {
        if (owners.claimSweep(time.instant().minus(pace.every()))) {
            try {
                sweep();
            } catch (IOException | UncheckedIOException e) {
                log.warn("The storage could not be swept; the next time is in {}", pace.every(), e);
            }
        }
    }

    /** Doing it again at once finds nothing. */
    Swept sweep() throws IOException {
        var old = time.instant().minus(pace.grace());
        var tally = new Tally();
        owners.endClaimsBefore(old);
        place.list(page -> sweep(page, old, tally));
        var swept =
                new Swept(
                        tally.kept,
                        tally.deleted,
                        tally.deletedBytes,
                        place.endUploadsBegunBefore(old));
        blobs.increment((double) swept.deleted());
        bytes.increment((double) swept.deletedBytes());
        if (swept.deleted() > 0 || swept.endedUploads() > 0) {
            log.info(
                    "Nobody owned {} blobs ({} bytes), which are deleted; {} unfinished uploads are ended; {} blobs stay",
                    swept.deleted(),
                    swept.deletedBytes(),
                    swept.endedUploads(),
                    swept.kept());
        }
        return swept;
    }

    private void sweep(List<BlobPlace.Entry> page, Instant old, Tally tally) {
        var candidates = page.stream().filter(entry -> entry.stored().isBefore(old)).toList();
        var owned = owners.owned(candidates.stream().map(entry -> entry.blob().hash()).toList());
        tally.kept += page.size();
        for (var entry : candidates) {
            if (!owned.contains(entry.blob().hash())) {
                delete(entry.blob(), tally);
            }
        }
    }

    private void delete(Blob blob, Tally tally) {
        try {
            var done = owners.ifUnowned(blob.hash(), () -> place.delete(blob.hash()));
            if (done) {
                tally.kept--;
                tally.deleted++;
                tally.deletedBytes += blob.sizeBytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Tally {
        long kept;
        long deleted;
        long deletedBytes;
    }
}
