package dev.hearth.webhook;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** Sends a message. */
@FunctionalInterface
interface Post {

    /**
     * @param headers besides those that HTTP needs
     * @return the status of the answer, whatever it is
     * @throws IOException if there is none
     */
    int send(URI url, Map<String, String> headers, String body) throws IOException;
}
