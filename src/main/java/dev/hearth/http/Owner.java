package dev.hearth.http;

import java.util.regex.Pattern;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Whose request it is: the name before a key of {@code HEARTH_API_KEYS}. Owners share what there is
 * fairly (the queue, the storage); they see all of it.
 *
 * @param name lower-case letters, digits, {@code -} and {@code _}, at most 32 of them
 */
public record Owner(String name) {

    static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,31}");

    /** Of keys without a name, and of everybody where there are no keys. */
    public static final Owner DEFAULT = new Owner("default");

    public Owner {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "an owner's name has lower-case letters, digits, - and _, at most 32 of them, got '%s'"
                            .formatted(name));
        }
    }

    /** Of the request that this thread answers; the default one outside requests. */
    public static Owner current() {
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication != null && authentication.getPrincipal() instanceof Owner owner
                ? owner
                : DEFAULT;
    }
}
