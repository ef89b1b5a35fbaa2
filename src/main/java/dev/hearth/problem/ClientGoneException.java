package dev.hearth.problem;

/** The client has hung up: what it asked for is not worth doing any more, and nobody is told. */
public final class ClientGoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Without a stack trace: nobody reads it. */
    public ClientGoneException() {
        super(null, null, false, false);
    }
}
