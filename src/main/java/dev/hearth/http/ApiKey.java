package dev.hearth.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A key that opens this service, kept as its SHA-256 and compared in constant time. */
final class ApiKey {

    private static final int SHORTEST = 16;

    private final Owner owner;
    private final byte[] hash;

    private ApiKey(Owner owner, byte[] hash) {
        this.owner = owner;
        this.hash = hash;
    }

    /**
     * @param text {@code name:key}, or a key alone, which belongs to {@link Owner#DEFAULT}
     * @throws IllegalArgumentException if the key is shorter than 16 characters
     */
    static ApiKey of(String text) {
        var colon = text.indexOf(':');
        var isNamed = colon > 0 && Owner.NAME.matcher(text.substring(0, colon)).matches();
        var key = isNamed ? text.substring(colon + 1) : text;
        if (key.length() < SHORTEST) {
            throw new IllegalArgumentException(
                    "hearth.security.api-keys (HEARTH_API_KEYS): a key has to have at least %d"
                                    .formatted(SHORTEST)
                            + " characters, such as the output of: openssl rand -hex 32");
        }
        return new ApiKey(
                isNamed ? new Owner(text.substring(0, colon)) : Owner.DEFAULT, sha256(key));
    }

    /** Whose requests they are that show it. */
    Owner owner() {
        return owner;
    }

    boolean matches(byte[] otherHash) {
        return MessageDigest.isEqual(hash, otherHash);
    }

    static byte[] sha256(String key) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
