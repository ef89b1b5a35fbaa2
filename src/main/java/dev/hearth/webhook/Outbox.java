package dev.hearth.webhook;

import dev.hearth.http.Cursor;
import dev.hearth.run.RunHappened;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Messages that are to be sent, kept in the database. Whoever sends one has a lease on it: until
 * then nobody else does, and after that, as after a death, it is sent again. So it arrives once at
 * least. Of the messages to one webhook about one run only the first is ever sent; the next one's
 * turn comes when it has arrived or is given up.
 */
final class Outbox {

    private final JdbcClient jdbc;
    private final InstantSource time;

    Outbox(JdbcClient jdbc, InstantSource time) {
        this.jdbc = jdbc;
        this.time = time;
    }

    /**
     * Writes a message for every webhook that wants it, in the caller's transaction.
     *
     * @return how many
     */
    int write(RunHappened happened, String type, String body) {
        return jdbc.sql(
                        """
                        INSERT INTO webhook_delivery (id, webhook_id, run_id, event, type, body, state,
                            due_at, created_at)
                        SELECT gen_random_uuid(), id, :run, :event, :type, :body, 'pending', :now, :now
                        FROM webhook WHERE owner = :owner AND :type = ANY (events)
                        """)
                .param("run", happened.run())
                .param("event", happened.number())
                .param("type", type)
                .param("body", body)
                .param("owner", happened.owner())
                .param("now", now())
                .update();
    }

    /**
     * Begins attempts.
     *
     * @param most of them
     * @param lease for how long nobody else tries the same
     */
    List<Delivery> take(int most, Duration lease) {
        return jdbc.sql(
                        """
                        UPDATE webhook_delivery AS taken
                        SET attempts = attempts + 1, due_at = :until
                        FROM webhook
                        WHERE webhook.id = taken.webhook_id AND taken.id IN (
                            SELECT id FROM webhook_delivery AS due
                            WHERE state = 'pending' AND due_at <= :now AND NOT EXISTS (
                                SELECT 1 FROM webhook_delivery AS earlier
                                WHERE earlier.state = 'pending'
                                  AND earlier.webhook_id = due.webhook_id
                                  AND earlier.run_id = due.run_id AND earlier.event < due.event)
                            ORDER BY due_at LIMIT :most
                            FOR UPDATE SKIP LOCKED)
                        RETURNING taken.id, webhook.url, webhook.secret, taken.body, taken.attempts
                        """)
                .param("now", now())
                .param("until", Timestamp.from(time.instant().plus(lease)))
                .param("most", most)
                .query((row, _) ->
                        new Delivery(
                                row.getObject("id", UUID.class),
                                URI.create(row.getString("url")),
                                new Secret(row.getString("secret")),
                                row.getString("body"),
                                row.getInt("attempts")))
                .list();
    }

    /** How an attempt ended: with a status, or with an error in words. */
    record Outcome(@Nullable Integer status, @Nullable String error) {}

    /** It has arrived. */
    boolean delivered(Delivery delivery, Outcome outcome) {
        return finish(delivery, "delivered", outcome);
    }

    /** It will not be tried again. */
    boolean givenUp(Delivery delivery, Outcome outcome) {
        return finish(delivery, "failed", outcome);
    }

    private boolean finish(Delivery delivery, String state, Outcome outcome) {
        return jdbc.sql(
                                """
                                UPDATE webhook_delivery
                                SET state = :state, status = :status, error = :error, finished_at = :now
                                WHERE id = :id AND attempts = :attempt AND state = 'pending'
                                """)
                        .param("id", delivery.id())
                        .param("attempt", delivery.attempt())
                        .param("state", state)
                        .param("status", outcome.status())
                        .param("error", outcome.error())
                        .param("now", now())
                        .update()
                > 0;
    }

    /** It will be tried again at that time. */
    boolean later(Delivery delivery, Outcome outcome, Instant due) {
        return jdbc.sql(
                                """
                                UPDATE webhook_delivery
                                SET status = :status, error = :error, due_at = :due
                                WHERE id = :id AND attempts = :attempt AND state = 'pending'
                                """)
                        .param("id", delivery.id())
                        .param("attempt", delivery.attempt())
                        .param("status", outcome.status())
                        .param("error", outcome.error())
                        .param("due", Timestamp.from(due))
                        .update()
                > 0;
    }

    /** Sends once more what was given up. */
    boolean retry(WebhookId webhook, UUID delivery) {
        return jdbc.sql(
                                """
                                UPDATE webhook_delivery
                                SET state = 'pending', attempts = 0, due_at = :now, finished_at = NULL
                                WHERE id = :id AND webhook_id = :webhook AND state = 'failed'
                                """)
                        .param("id", delivery)
                        .param("webhook", webhook.value())
                        .param("now", now())
                        .update()
                > 0;
    }

    Optional<DeliveryView> find(WebhookId webhook, UUID delivery) {
        return jdbc.sql("SELECT * FROM webhook_delivery WHERE id = :id AND webhook_id = :webhook")
                .param("id", delivery)
                .param("webhook", webhook.value())
                .query(Outbox::view)
                .optional();
    }

    /** Newest first. */
    List<DeliveryView> page(WebhookId webhook, Optional<Cursor> after, int limit) {
        return jdbc.sql(
                        """
                        SELECT * FROM webhook_delivery
                        WHERE webhook_id = :webhook AND (:created::timestamptz IS NULL
                            OR (created_at, id) < (:created, :id::uuid))
                        ORDER BY created_at DESC, id DESC LIMIT :limit
                        """)
                .param("webhook", webhook.value())
                .param("created", after.map(c -> Timestamp.from(c.createdAt())).orElse(null))
                .param("id", after.map(Cursor::id).orElse(null))
                .param("limit", limit)
                .query(Outbox::view)
                .list();
    }

    long pending() {
        return jdbc.sql("SELECT count(*) FROM webhook_delivery WHERE state = 'pending'")
                .query(Long.class)
                .single();
    }

    /** Forgets what was finished before. */
    int forget(Instant before) {
        return jdbc.sql(
                        "DELETE FROM webhook_delivery WHERE state <> 'pending' AND finished_at < :before")
                .param("before", Timestamp.from(before))
                .update();
    }

    private static DeliveryView view(ResultSet row, int index) throws SQLException {
        boolean isPending = row.getString("state").equals("pending");
        Timestamp finished = row.getTimestamp("finished_at");
        return new DeliveryView(
                row.getObject("id", UUID.class),
                row.getObject("run_id", UUID.class),
                row.getInt("event"),
                row.getString("type"),
                row.getString("state"),
                row.getInt("attempts"),
                row.getObject("status", Integer.class),
                row.getString("error"),
                isPending ? row.getTimestamp("due_at").toInstant() : null,
                row.getTimestamp("created_at").toInstant(),
                finished == null ? null : finished.toInstant());
    }

    private Timestamp now() {
        return Timestamp.from(time.instant());
    }
}
