package dev.hearth.webhook;

import dev.hearth.http.Identifiers;
import java.util.UUID;

record WebhookId(UUID value) {

    static WebhookId parse(String text) {
        return new WebhookId(Identifiers.parse(text, "webhook"));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
