package dev.hearth.webhook;

import dev.hearth.http.Idempotency;
import dev.hearth.http.JsonBody;
import dev.hearth.job.ProcessRoles;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebhookSettings.class)
class WebhookConfiguration {

    @Bean
    Destinations webhookDestinations(WebhookSettings settings) {
        return new Destinations(settings.allowedHosts());
    }

    @Bean
    WebhookController.Requests webhookRequests(
            JsonBody body, Idempotency idempotency, Destinations destinations) {
        return new WebhookController.Requests(body, idempotency, destinations);
    }

    @Bean
    WebhookTable webhookTable(JdbcClient jdbc) {
        return new WebhookTable(jdbc);
    }

    @Bean
    Outbox webhookOutbox(JdbcClient jdbc, InstantSource time) {
        return new Outbox(jdbc, time);
    }

    @Bean
    Deliverer webhookDeliverer(
            Outbox outbox,
            Destinations destinations,
            WebhookSettings settings,
            InstantSource time) {
        return new Deliverer(
                outbox,
                new PinnedPost(destinations, settings.timeout()),
                new Patience(new SecureRandom()),
                time,
                settings.timeout().multipliedBy(3));
    }

    @Bean
    WebhookSender webhookSender(
            Deliverer deliverer,
            Outbox outbox,
            InstantSource time,
            MeterRegistry registry,
            WebhookSettings settings,
            ProcessRoles roles) {
        return new WebhookSender(
                deliverer, outbox, time, registry, roles.works() ? settings.concurrency() : 0);
    }

    @Bean
    Webhooks webhooks(
            WebhookTable table,
            Outbox outbox,
            WebhookSender sender,
            InstantSource time,
            JsonMapper json) {
        return new Webhooks(table, outbox, sender, time, json);
    }
}
