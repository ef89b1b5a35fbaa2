package dev.hearth.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param allowedHosts where messages may be sent, wherever that is: names such as {@code
 *     hooks.example.org}, or {@code *.example.org} for all below; empty for every host with a
 *     public address
 * @param concurrency how many messages one process sends at once
 * @param timeout of an attempt, from the connection to the first line of the answer
 */
@ConfigurationProperties("hearth.webhooks")
record WebhookSettings(
        @DefaultValue List<String> allowedHosts,
        @DefaultValue("8") int concurrency,
        @DefaultValue("10s") Duration timeout) {

    private static final int MOST = 1000;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    WebhookSettings {
        allowedHosts =
                allowedHosts.stream()
                        .map(host -> host.strip().toLowerCase(Locale.ROOT))
                        .filter(host -> !host.isEmpty())
                        .toList();
        if (concurrency < 1 || concurrency > MOST) {
            throw new IllegalArgumentException(
                    "hearth.webhooks.concurrency has to be from 1 to " + MOST);
        }
        if (!timeout.isPositive() || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "hearth.webhooks.timeout has to be positive and at most 60s");
        }
    }
}
