package dev.hearth.webhook;

import dev.hearth.http.Cursor;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The SQL of webhooks themselves. */
final class WebhookTable {

    private final JdbcClient jdbc;

    WebhookTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(Webhook webhook) {
        jdbc.sql(
                        """
                        INSERT INTO webhook (id, owner, url, secret, events, created_at)
                        VALUES (:id, :owner, :url, :secret, :events::text[], :created)
                        """)
                .param("id", webhook.id().value())
                .param("owner", webhook.owner())
                .param("url", webhook.url().toString())
                .param("secret", webhook.secret().text())
                .param("events", webhook.events().toArray(String[]::new))
                .param("created", Timestamp.from(webhook.created()))
                .update();
    }

    long count(String owner) {
        return jdbc.sql("SELECT count(*) FROM webhook WHERE owner = :owner")
                .param("owner", owner)
                .query(Long.class)
                .single();
    }

    Optional<Webhook> find(WebhookId id) {
        return jdbc.sql("SELECT * FROM webhook WHERE id = :id")
                .param("id", id.value())
                .query(WebhookTable::webhook)
                .optional();
    }

    /** Newest first. */
    List<Webhook> page(Optional<Cursor> after, int limit) {
        return jdbc.sql(
                        """
                        SELECT * FROM webhook
                        WHERE :created::timestamptz IS NULL OR (created_at, id) < (:created, :id::uuid)
                        ORDER BY created_at DESC, id DESC LIMIT :limit
                        """)
                .param("created", after.map(c -> Timestamp.from(c.createdAt())).orElse(null))
                .param("id", after.map(Cursor::id).orElse(null))
                .param("limit", limit)
                .query(WebhookTable::webhook)
                .list();
    }

    /** With all that it has not been told yet. */
    boolean delete(WebhookId id) {
        return jdbc.sql("DELETE FROM webhook WHERE id = :id").param("id", id.value()).update() > 0;
    }

    private static Webhook webhook(ResultSet row, int index) throws SQLException {
        return new Webhook(
                new WebhookId(row.getObject("id", UUID.class)),
                row.getString("owner"),
                URI.create(row.getString("url")),
                new Secret(row.getString("secret")),
                List.of((String[]) row.getArray("events").getArray()),
                row.getTimestamp("created_at").toInstant());
    }
}
