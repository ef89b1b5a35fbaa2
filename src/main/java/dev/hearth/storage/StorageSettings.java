package dev.hearth.storage;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where files are kept.
 *
 * @param dataDir the folder of everything that Hearth keeps; blobs live in its folder {@code blobs}
 *     (those of an object store have copies in {@code cache}), unfinished files in {@code scratch}
 */
@ConfigurationProperties("hearth")
record StorageSettings(
        @DefaultValue("./data") Path dataDir, @DefaultValue StorageSettings.Storage storage) {

    enum Kind {
        FOLDER,
        S3
    }

    /**
     * @param cacheSize how much of an object store is kept on this machine
     * @param maxTotal the most that all blobs together may have; unlimited where it is missing
     * @param grace how old a blob that nobody owns has to be before it is swept away; longer than
     *     any upload takes
     * @param sweepInterval how often one of the processes looks for such blobs
     */
    record Storage(
            @DefaultValue("folder") Kind kind,
            @DefaultValue S3 s3,
            @DefaultValue("10GB") DataSize cacheSize,
            @Nullable DataSize maxTotal,
            @DefaultValue("24h") Duration grace,
            @DefaultValue("1h") Duration sweepInterval) {

        private static final Duration SHORTEST_GRACE = Duration.ofMinutes(10);

        Storage {
            if (maxTotal != null && maxTotal.toBytes() < 1) {
                throw new IllegalArgumentException(
                        "hearth.storage.max-total (HEARTH_STORAGE_MAX) has to be at least 1 byte;"
                                + " leave it empty for no limit");
            }
            if (grace.compareTo(SHORTEST_GRACE) < 0) {
                throw new IllegalArgumentException(
                        "hearth.storage.grace has to be at least 10m, got %s; a shorter one takes uploads away while they arrive"
                                .formatted(grace));
            }
            if (sweepInterval.compareTo(Duration.ofMinutes(1)) < 0) {
                throw new IllegalArgumentException(
                        "hearth.storage.sweep-interval has to be at least 1m, got "
                                + sweepInterval);
            }
            if (kind == Kind.S3 && s3.bucket().isEmpty()) {
                throw new IllegalArgumentException(
                        "hearth.storage.kind is s3, which needs hearth.storage.s3.bucket"
                                + " (HEARTH_S3_BUCKET)");
            }
        }

        OptionalLong mostBytes() {
            return maxTotal == null ? OptionalLong.empty() : OptionalLong.of(maxTotal.toBytes());
        }
    }

    /**
     * An S3-compatible store.
     *
     * @param endpoint such as {@code https://host:9000}; Amazon's own where it is empty
     * @param prefix what every key begins with, such as {@code hearth/}
     * @param accessKey empty where the AWS SDK's usual places have the credentials: environment,
     *     profile, container, machine
     * @param pathStyle whether the bucket is in the path and not in the host's name; where it is
     *     missing, it is in the path if there is an endpoint
     * @param partSize larger objects are sent in parts of this size
     */
    record S3(
            @DefaultValue("") String endpoint,
            @DefaultValue("us-east-1") String region,
            @DefaultValue("") String bucket,
            @DefaultValue("") String prefix,
            @DefaultValue("") String accessKey,
            @DefaultValue("") String secretKey,
            @Nullable Boolean pathStyle,
            @DefaultValue("64MB") DataSize partSize) {

        private static final DataSize SMALLEST_PART = DataSize.ofMegabytes(5);
        private static final DataSize LARGEST_PART = DataSize.ofGigabytes(5);

        S3 {
            if (!endpoint.isEmpty() && uri(endpoint).getHost() == null) {
                throw new IllegalArgumentException(
                        "hearth.storage.s3.endpoint (HEARTH_S3_ENDPOINT) has to be like https://host:9000, got '%s'"
                                .formatted(endpoint));
            }
            if (accessKey.isEmpty() != secretKey.isEmpty()) {
                throw new IllegalArgumentException(
                        "hearth.storage.s3.access-key and secret-key (HEARTH_S3_ACCESS_KEY,"
                                + " HEARTH_S3_SECRET_KEY) go together: set both or none");
            }
            if (partSize.compareTo(SMALLEST_PART) < 0 || partSize.compareTo(LARGEST_PART) > 0) {
                throw new IllegalArgumentException(
                        "hearth.storage.s3.part-size has to be from 5MB to 5GB, got " + partSize);
            }
            prefix = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
        }

        Optional<URI> endpointUri() {
            return endpoint.isEmpty() ? Optional.empty() : Optional.of(uri(endpoint));
        }

        boolean hasPathStyle() {
            return pathStyle == null ? !endpoint.isEmpty() : pathStyle;
        }

        /** The bucket as a person would look for it. */
        String place() {
            return "bucket '%s' at %s"
                    .formatted(bucket, endpoint.isEmpty() ? "Amazon S3, " + region : endpoint);
        }

        private static URI uri(String text) {
            try {
                return new URI(text);
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException(
                        "hearth.storage.s3.endpoint (HEARTH_S3_ENDPOINT) is not a URL: " + text, e);
            }
        }

        /** Without the keys, which belong in no log. */
        @Override
        public String toString() {
            return place() + ", prefix '" + prefix + "'";
        }
    }

    Path blobs() {
        return folder("blobs");
    }

    Path cache() {
        return folder("cache");
    }

    Path scratch() {
        return folder("scratch");
    }

    private Path folder(String name) {
        return dataDir.toAbsolutePath().normalize().resolve(name);
    }
}
