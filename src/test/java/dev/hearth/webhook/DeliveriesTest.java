package dev.hearth.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.HearthTest;
import dev.hearth.run.RunHappened;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Messages with a clock of their own, on tables of their own in the shared database. */
@HearthTest
class DeliveriesTest {

    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final UUID RUN = new UUID(0, 1);

    private final WebhookTable webhooks;
    private final Outbox outbox;
    private final JdbcClient sql;
    private final Deliverer deliverer;
    private Instant now = NOON;
    private Receiver receiver;
    private Webhook webhook;

    @Autowired
    DeliveriesTest(JdbcConnectionDetails database) {
        var url = database.getJdbcUrl();
        var dataSource =
                new DriverManagerDataSource(
                        url + (url.contains("?") ? "&" : "?") + "currentSchema=webhook_test",
                        String.valueOf(database.getUsername()),
                        String.valueOf(database.getPassword()));
        Flyway.configure()
                .dataSource(dataSource)
                .defaultSchema("webhook_test")
                .createSchemas(true)
                .load()
                .migrate();
        sql = JdbcClient.create(dataSource);
        webhooks = new WebhookTable(sql);
        outbox = new Outbox(sql, () -> now);
        deliverer =
                new Deliverer(
                        outbox,
                        new PinnedPost(
                                new Destinations(List.of("127.0.0.1")), Duration.ofSeconds(10)),
                        new Patience(new Random(1)),
                        () -> now,
                        LEASE);
    }

    @BeforeEach
    void aWebhook() throws IOException {
        sql.sql("DELETE FROM webhook").update();
        receiver = new Receiver();
        webhook = webhook("default", "run.succeeded", "run.running", "run.failed");
    }

    @AfterEach
    void closeTheReceiver() {
        receiver.close();
    }

    private Webhook webhook(String owner, String... events) {
        var made =
                new Webhook(
                        new WebhookId(UUID.randomUUID()),
                        owner,
                        URI.create(receiver.url("/hooks")),
                        new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                        List.of(events),
                        now);
        webhooks.insert(made);
        return made;
    }

    private int happens(UUID run, int number, String type) {
        var happened =
                new RunHappened(run, "iris", "default", number, type, "so", now, Optional.empty());
        return outbox.write(happened, "run." + type, "{\"event\": " + number + "}");
    }

    /** All attempts that can be made now, until there are no more. */
    private List<Deliverer.Result> send() {
        var results = new ArrayList<Deliverer.Result>();
        for (var due = deliverer.take(10); !due.isEmpty(); due = deliverer.take(10)) {
            due.forEach(delivery -> results.add(deliverer.attempt(delivery)));
        }
        return results;
    }

    private List<String> bodies() {
        return receiver.messages.stream().map(Receiver.Message::body).toList();
    }

    private DeliveryView only() {
        return outbox.page(webhook.id(), Optional.empty(), 10).getFirst();
    }

    @Test
    void whoWantsToBeToldIsToldAndCanTellWhoTells() {
        webhook("somebody-else", "run.succeeded");

        assertThat(happens(RUN, 4, "succeeded")).isEqualTo(1);
        assertThat(happens(RUN, 5, "queued")).isZero();
        assertThat(send()).containsExactly(Deliverer.Result.DELIVERED);

        assertThat(receiver.messages)
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.path()).isEqualTo("/hooks");
                    assertThat(message.headers())
                            .containsEntry("webhook-id", "msg_" + only().id())
                            .containsEntry(
                                    "webhook-timestamp", String.valueOf(NOON.getEpochSecond()));
                    assertThat(message.isSignedWith(webhook.secret().text())).isTrue();
                    assertThat(message.isSignedWith("whsec_" + "A".repeat(32))).isFalse();
                });
        assertThat(only().state()).isEqualTo("delivered");
        assertThat(only().status()).isEqualTo(204);
    }

    @Test
    void whatDoesNotArriveIsTriedAgainLaterAndLaterAndThenGivenUp() {
        receiver.status = 500;
        happens(RUN, 1, "failed");
        var waits = new ArrayList<Duration>();

        while (only().state().equals("pending")) {
            var before = now;
            send();
            var next = only().nextAttemptAt();
            if (next != null) {
                waits.add(Duration.between(before, next));
                now = next.minusMillis(1);
                assertThat(send()).isEmpty();
                now = next;
            }
        }

        assertThat(only().state()).isEqualTo("failed");
        assertThat(only().attempts()).isEqualTo(Patience.ATTEMPTS);
        assertThat(only().status()).isEqualTo(500);
        assertThat(only().error()).isEqualTo("status 500");
        assertThat(receiver.messages)
                .hasSize(Patience.ATTEMPTS)
                .allSatisfy(message ->
                        assertThat(message.headers())
                                .containsEntry("webhook-id", "msg_" + only().id()));
        assertThat(waits).hasSize(Patience.ATTEMPTS - 1).isSorted();
        assertThat(waits.getFirst()).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
        assertThat(waits.getLast()).isBetween(Duration.ofHours(9), Duration.ofHours(15));

        receiver.status = 200;
        assertThat(outbox.retry(webhook.id(), only().id())).isTrue();
        assertThat(send()).containsExactly(Deliverer.Result.DELIVERED);
        assertThat(outbox.retry(webhook.id(), only().id())).isFalse();
    }

    @Test
    void whoIsGoneForGoodIsNotAskedAgain() {
        receiver.status = 410;
        happens(RUN, 1, "failed");

        assertThat(send()).containsExactly(Deliverer.Result.GIVEN_UP);
        assertThat(only().state()).isEqualTo("failed");
    }

    @Test
    void aRunsMessagesArriveInTheirOrderEvenIfOneHasToBeTriedAgain() {
        receiver.status = 503;
        happens(RUN, 3, "running");
        happens(RUN, 4, "succeeded");
        happens(new UUID(0, 2), 3, "running");

        assertThat(send()).hasSize(2).containsOnly(Deliverer.Result.RETRIED);
        receiver.status = 200;
        now = now.plusSeconds(10);
        assertThat(send()).hasSize(3).containsOnly(Deliverer.Result.DELIVERED);

        assertThat(bodies().stream().filter(body -> body.contains("4")).toList()).hasSize(1);
        assertThat(bodies().getLast()).isEqualTo("{\"event\": 4}");
    }

    @Test
    void whatWasBeingSentWhenItsProcessDiedIsSentAgain() {
        happens(RUN, 1, "failed");

        var dead = deliverer.take(10);

        assertThat(dead).hasSize(1);
        now = now.plus(LEASE).minusMillis(1);
        assertThat(deliverer.take(10)).isEmpty();
        now = now.plusMillis(1);
        var again = deliverer.take(10);
        assertThat(again)
                .singleElement()
                .satisfies(delivery -> {
                    assertThat(delivery.messageId()).isEqualTo(dead.getFirst().messageId());
                    assertThat(delivery.attempt()).isEqualTo(2);
                });
        // The dead one was only slow: the message arrives twice, and the record is of the second.
        deliverer.attempt(dead.getFirst());
        assertThat(only().state()).isEqualTo("pending");
        deliverer.attempt(again.getFirst());
        assertThat(only().state()).isEqualTo("delivered");
        assertThat(receiver.messages).hasSize(2);
    }

    @Test
    void aPrivateAddressThatANameCameToMeanIsRefusedWhenItIsSentTo() {
        var strict =
                new Deliverer(
                        outbox,
                        new PinnedPost(new Destinations(List.of()), Duration.ofSeconds(10)),
                        new Patience(new Random(1)),
                        () -> now,
                        LEASE);
        happens(RUN, 1, "failed");

        assertThat(strict.attempt(strict.take(1).getFirst())).isEqualTo(Deliverer.Result.RETRIED);

        assertThat(receiver.messages).isEmpty();
        assertThat(only().error()).contains("no public address");
    }

    @Test
    void whatWasFinishedLongAgoIsForgotten() {
        happens(RUN, 1, "failed");
        send();
        happens(RUN, 2, "running");

        assertThat(outbox.forget(NOON)).isZero();
        assertThat(outbox.forget(NOON.plusMillis(1))).isEqualTo(1);
        assertThat(only().event()).isEqualTo(2);
    }
}
