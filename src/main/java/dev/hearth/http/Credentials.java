package dev.hearth.http;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks {@code Authorization: Bearer …}, whatever protocol it came in. */
public final class Credentials {

    private static final String SCHEME = "Bearer ";

    private final ApiKeys keys;

    private Credentials(ApiKeys keys) {
        this.keys = keys;
    }

    /**
     * @param keys each {@code name:key}, or a key alone; none, and everybody may ask
     */
    public static Credentials of(List<String> keys) {
        return new Credentials(new ApiKeys(keys.stream().map(ApiKey::of).toList()));
    }

    /** Whether anybody may ask, without a key. */
    public boolean isOpen() {
        return keys.isOpen();
    }

    /**
     * Whose credential it is; empty where there is none. Whoever shows one shows the right one: a
     * wrong one is refused even where none is needed.
     *
     * @throws ProblemException INVALID_CREDENTIALS
     */
    public Optional<Owner> ownerOf(@Nullable String authorization) {
        if (authorization == null) {
            return Optional.empty();
        }
        var owner =
                authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                        ? keys.ownerOf(authorization.substring(SCHEME.length()).strip())
                        : Optional.<Owner>empty();
        if (owner.isEmpty()) {
            throw refused(
                    keys.isOpen()
                            ? "This service has no keys; leave the header Authorization out."
                            : "The header Authorization has no valid key; send: Authorization:"
                                    + " Bearer <key>.");
        }
        return owner;
    }

    /** What is said to who shows no key where one is needed. */
    public static ProblemException missing() {
        return refused("This needs a key; send: Authorization: Bearer <key>.");
    }

    static ProblemException refused(String detail) {
        return new ProblemException(ProblemCode.INVALID_CREDENTIALS, detail);
    }
}
