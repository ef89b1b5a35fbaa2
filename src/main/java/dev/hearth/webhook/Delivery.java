package dev.hearth.webhook;

import java.net.URI;
import java.util.UUID;

/**
 * A message, and where it goes.
 *
 * @param id the same whenever it is sent again
 * @param attempt the one that is being made, from 1
 */
record Delivery(UUID id, URI url, Secret secret, String body, int attempt) {

    /** The header {@code webhook-id}. */
    String messageId() {
        return "msg_" + id;
    }
}
