package dev.hearth.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A webhook as its readers see it.
 *
 * @param owner whose runs it is told of
 * @param secret only in the answer that made it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record WebhookView(
        UUID id,
        String url,
        String owner,
        List<String> events,
        @Nullable String secret,
        Instant createdAt) {

    static WebhookView of(Webhook webhook) {
        return new WebhookView(
                webhook.id().value(),
                webhook.url().toString(),
                webhook.owner(),
                webhook.events(),
                null,
                webhook.created());
    }

    static WebhookView withSecret(Webhook webhook) {
        return new WebhookView(
                webhook.id().value(),
                webhook.url().toString(),
                webhook.owner(),
                webhook.events(),
                webhook.secret().text(),
                webhook.created());
    }
}
