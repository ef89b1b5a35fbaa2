package dev.hearth.dataset.zip;

/** An entry contradicts the archive's directory, or its own checksum. */
public final class BadEntryException extends Exception {
    private static final long serialVersionUID = 1L;

    BadEntryException(String message) {
        super(message);
    }

    /** What was found and how to mend it. */
    public String explanation() {
        return String.valueOf(getMessage());
    }
}
