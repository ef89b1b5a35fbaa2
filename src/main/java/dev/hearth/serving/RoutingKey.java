package dev.hearth.serving;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.storage.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What keeps a client at one version of an alias: requests with the same key go the same way.
 *
 * @param value such as a user's ID; 1 to 256 characters
 */
public record RoutingKey(String value) {

    /** What it is called in requests. */
    public static final String PARAMETER = "routing_key";

    private static final int MOST_CHARACTERS = 256;
    private static final double TWO_TO_THE_53 = 0x1p53;

    public RoutingKey {
        if (value.isEmpty() || value.length() > MOST_CHARACTERS) {
            throw ProblemException.at(
                    ProblemCode.INVALID_PARAMETER,
                    PARAMETER,
                    "expected 1 to %d characters, got %d"
                            .formatted(MOST_CHARACTERS, value.length()));
        }
    }

    /**
     * Where requests with this key lie between 0 and 1: the first 53 bits of the SHA-256 of {@code
     * iris@prod:key}. The alias is in it, so that not always the same clients are the first to meet
     * what is new.
     */
    double point(ModelReference.Aliased alias) {
        var digest = Sha256.newDigest();
        digest.update((alias.asked() + ":" + value).getBytes(StandardCharsets.UTF_8));
        long bits = ByteBuffer.wrap(digest.digest()).getLong();
        return (bits >>> 11) / TWO_TO_THE_53;
    }
}
