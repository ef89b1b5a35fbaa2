package dev.hearth.webhook;

import java.net.URI;
import java.time.Instant;
import java.util.List;

/**
 * Somebody who wants to be told.
 *
 * @param owner whose runs it is told of
 * @param events their types, such as {@code run.succeeded}
 */
record Webhook(
        WebhookId id, String owner, URI url, Secret secret, List<String> events, Instant created) {

    Webhook {
        events = List.copyOf(events);
    }
}
