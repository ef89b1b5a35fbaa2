package dev.hearth.problem;

import java.io.IOException;
import java.util.Optional;

/** Something that Hearth needs does not answer, and may do so later. */
public final class UnavailableException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * @param what does not answer, and what to do, in a sentence for the caller
     */
    public UnavailableException(String what, Throwable cause) {
        super(what, cause);
    }

    /** The one that {@code e} is, or comes from. */
    public static Optional<UnavailableException> in(Throwable e) {
        return Causes.of(e)
                .filter(UnavailableException.class::isInstance)
                .map(UnavailableException.class::cast)
                .findFirst();
    }
}
