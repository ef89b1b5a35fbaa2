package dev.hearth.storage;

import dev.hearth.http.Owner;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** How full the storage is. */
@RestController
@RequestMapping("/v1/storage")
@Tag(name = "Storage", description = "How many bytes there are, and whose")
class StorageController {

    /**
     * @param kind {@code folder} or {@code s3}
     * @param blobs how many different contents are stored
     * @param usedBytes of all of them together
     * @param limitBytes the most that they may have; null where there is no limit
     * @param owners whose they are; what several own is counted for each
     * @param quota what the caller uses, and may use
     * @param cache the local copies of an object store; null where there is none
     */
    record StorageView(
            String kind,
            long blobs,
            long usedBytes,
            @Nullable Long limitBytes,
            List<OwnerKind> owners,
            QuotaView quota,
            @Nullable CacheView cache) {}

    /**
     * @param owner the name before the caller's key, or {@code default}
     * @param usedBytes of all that is the owner's; what is in several data sets is counted once
     * @param arrivingBytes of uploads that are going on, and of data sets being prepared
     * @param limitBytes the most that both may come to; null where there is no limit
     */
    record QuotaView(String owner, long usedBytes, long arrivingBytes, @Nullable Long limitBytes) {

        static QuotaView of(Reservations.Use use) {
            return new QuotaView(
                    use.owner().name(),
                    use.usedBytes(),
                    use.arrivingBytes(),
                    use.mostBytes().isPresent() ? use.mostBytes().getAsLong() : null);
        }
    }

    /**
     * @param kind such as {@code dataset} or {@code model}
     * @param count how many of this kind own something
     */
    record OwnerKind(String kind, long count, long bytes) {}

    record CacheView(long usedBytes, long limitBytes) {}

    private final StorageSettings settings;
    private final BlobOwners owners;
    private final Reservations reservations;
    private final Optional<BlobCache> cache;

    StorageController(
            StorageSettings settings,
            BlobOwners owners,
            Reservations reservations,
            Optional<BlobCache> cache) {
        this.settings = settings;
        this.owners = owners;
        this.reservations = reservations;
        this.cache = cache;
    }

    @GetMapping
    @Operation(summary = "How many bytes are stored, of how many, and whose they are")
    StorageView get() throws IOException {
        var most = settings.storage().mostBytes();
        return new StorageView(
                settings.storage().kind().name().toLowerCase(Locale.ROOT),
                owners.ownedBlobs(),
                owners.ownedBytes(),
                most.isPresent() ? most.getAsLong() : null,
                owners.kinds(),
                QuotaView.of(reservations.use(Owner.current())),
                cache.isPresent()
                        ? new CacheView(cache.get().sizeBytes(), cache.get().mostBytes())
                        : null);
    }
}
