package dev.hearth.dataset.image;

/** Bytes that are no picture which can be read here. */
public final class UndecodableException extends Exception {
    private static final long serialVersionUID = 1L;

    UndecodableException(String message) {
        super(message);
    }

    UndecodableException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What was found, what was expected and how to mend it. */
    public String explanation() {
        return String.valueOf(getMessage());
    }
}
