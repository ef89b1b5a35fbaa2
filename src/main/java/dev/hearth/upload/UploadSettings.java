package dev.hearth.upload;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is taken in parts.
 *
 * @param maxSize the largest file
 * @param partSize of a part, unless the client asks for another or the file has too many of them
 * @param expiresAfter how long after its last part an upload is kept
 */
@ConfigurationProperties("hearth.upload")
record UploadSettings(
        @DefaultValue("1TB") DataSize maxSize,
        @DefaultValue("32MB") DataSize partSize,
        @DefaultValue("24h") Duration expiresAfter) {

    static final int MOST_PARTS = 10_000;
    static final DataSize LARGEST_PART = DataSize.ofGigabytes(1);

    UploadSettings {
        if (maxSize.toBytes() < 1
                || maxSize.toBytes() > MOST_PARTS * LARGEST_PART.toBytes()
                || partSize.toBytes() < 1
                || partSize.compareTo(LARGEST_PART) > 0) {
            throw new IllegalArgumentException(
                    "hearth.upload.max-size has to be up to %dGB, and hearth.upload.part-size up to %dMB"
                            .formatted(
                                    MOST_PARTS * LARGEST_PART.toGigabytes(),
                                    LARGEST_PART.toMegabytes()));
        }
        if (!expiresAfter.isPositive()) {
            throw new IllegalArgumentException(
                    "hearth.upload.expires-after has to be positive, such as 24h");
        }
    }
}
