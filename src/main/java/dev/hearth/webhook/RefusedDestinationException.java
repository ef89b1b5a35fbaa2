package dev.hearth.webhook;

import java.io.IOException;

/** Nothing is sent there. */
final class RefusedDestinationException extends IOException {

    private static final long serialVersionUID = 1L;

    RefusedDestinationException(String message) {
        super(message);
    }
}
