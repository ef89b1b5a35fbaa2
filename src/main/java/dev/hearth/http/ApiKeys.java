package dev.hearth.http;

import java.util.List;
import java.util.Optional;

/** The keys that open this service. */
final class ApiKeys {

    private final List<ApiKey> keys;

    ApiKeys(List<ApiKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /** Whether anybody may ask, without a key. */
    boolean isOpen() {
        return keys.isEmpty();
    }

    /** Whose key it is; empty for one that is not known. All are compared, whichever it is. */
    Optional<Owner> ownerOf(String key) {
        var hash = ApiKey.sha256(key);
        var found = Optional.<Owner>empty();
        for (var known : keys) {
            found = known.matches(hash) ? Optional.of(known.owner()) : found;
        }
        return found;
    }
}
