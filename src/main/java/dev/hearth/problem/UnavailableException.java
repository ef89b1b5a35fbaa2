package dev.hearth.problem;

import java.io.IOException;

/** Something that Hearth needs does not answer, and may do so later. */
public final class UnavailableException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * @param what does not answer, and what to do, in a sentence for the caller
     */
    public UnavailableException(String what, Throwable cause) {
        super(what, cause);
    }
}
