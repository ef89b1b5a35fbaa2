package dev.hearth.upload;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * What a data set may take.
 *
 * @param maxBytes of its files together with the tensors that are made of them; null for no limit
 */
@ConfigurationProperties("hearth.dataset")
public record FileLimits(@Nullable DataSize maxBytes) {

    public FileLimits {
        if (maxBytes != null && maxBytes.toBytes() < 1) {
            throw new IllegalArgumentException(
                    "hearth.dataset.max-bytes (HEARTH_DATASET_MAX) has to be at least 1 byte; leave it empty"
                            + " for no limit");
        }
    }

    /**
     * @param what has so many bytes, such as {@code the file}
     * @throws ProblemException BODY_TOO_LARGE where they are more than a data set may have
     */
    public void require(String what, long bytes) {
        if (maxBytes != null && bytes > maxBytes.toBytes()) {
            throw new ProblemException(
                    ProblemCode.BODY_TOO_LARGE,
                    "%s has %d bytes or more, and a data set may take %d (hearth.dataset.max-bytes), its files and what is made of them together; send less data, or several data sets"
                            .formatted(what, bytes, maxBytes.toBytes()));
        }
    }
}
