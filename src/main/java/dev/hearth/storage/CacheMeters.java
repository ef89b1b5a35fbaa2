package dev.hearth.storage;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;

/** What Prometheus sees of the cache. */
final class CacheMeters {

    private final MeterRegistry registry;
    private final Counter hits;
    private final Counter misses;
    private final Counter downloaded;
    private final Counter evicted;

    CacheMeters(MeterRegistry registry) {
        this.registry = registry;
        this.hits = requests(registry, "hit");
        this.misses = requests(registry, "miss");
        this.downloaded =
                Counter.builder("hearth.storage.cache.downloaded")
                        .baseUnit("bytes")
                        .description("Fetched from the object storage")
                        .register(registry);
        this.evicted =
                Counter.builder("hearth.storage.cache.evicted")
                        .baseUnit("bytes")
                        .description("Taken out of the cache to make room")
                        .register(registry);
    }

    private static Counter requests(MeterRegistry registry, String result) {
        return Counter.builder("hearth.storage.cache.requests")
                .tag("result", result)
                .description("Blobs asked for that were in the cache (hit) or were not (miss)")
                .register(registry);
    }

    void watch(BlobCache cache) {
        Gauge.builder("hearth.storage.cache.size", cache, CacheMeters::size)
                .baseUnit("bytes")
                .description("Of all copies in the cache")
                .register(registry);
    }

    private static double size(BlobCache cache) {
        try {
            return (double) cache.sizeBytes();
        } catch (IOException e) {
            // Prometheus shows a gap.
            return Double.NaN;
        }
    }

    void hit() {
        hits.increment();
    }

    void miss() {
        misses.increment();
    }

    void downloaded(long bytes) {
        downloaded.increment((double) bytes);
    }

    void evicted(long bytes) {
        evicted.increment((double) bytes);
    }
}
