package dev.hearth.http;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Lets a client repeat a POST without making a second resource: the same {@code Idempotency-Key}
 * gives the same resource, for 24 hours.
 */
public final class Idempotency {

    private static final Duration KEPT = Duration.ofHours(24);
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final JdbcClient sql;
    private final TransactionOperations transactions;
    private final InstantSource time;

    Idempotency(JdbcClient sql, TransactionOperations transactions, InstantSource time) {
        this.sql = sql;
        this.transactions = transactions;
        this.time = time;
    }

    private record Earlier(String fingerprint, UUID resourceId) {}

    /**
     * Makes a resource, unless the key has made one before. The key and the resource are kept in
     * one transaction; of two requests at the same time the second waits for the first.
     *
     * @param key the request's header {@code Idempotency-Key}, if it has one
     * @param endpoint what is asked for, such as {@code POST /v1/runs}
     * @param fingerprint of all that matters in the request, such as the SHA-256 of its body
     * @param create makes the resource and returns its ID; runs in the transaction
     * @return the ID of the new resource, or of the one made before
     * @throws ProblemException INVALID_PARAMETER for a key of another form; IDEMPOTENCY_KEY_REUSED
     *     for a key that came with another fingerprint
     */
    public UUID once(
            Optional<String> key, String endpoint, String fingerprint, Supplier<UUID> create) {
        key.ifPresent(Idempotency::check);
        // Two owners that choose the same key do not meet.
        var place = Owner.current().name() + " " + endpoint;
        return transactions.execute(_ ->
                key.map(k -> onceInTransaction(k, place, fingerprint, create)).orElseGet(create));
    }

    private static void check(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new ProblemException(
                    ProblemCode.INVALID_PARAMETER,
                    "The header Idempotency-Key has to have 1 to 255 visible ASCII characters and no"
                            + " spaces; a random UUID is a good one.");
        }
    }

    private UUID onceInTransaction(
            String key, String endpoint, String fingerprint, Supplier<UUID> create) {
        forgetExpired(key, endpoint);
        if (claim(key, endpoint, fingerprint)) {
            var id = create.get();
            sql.sql(
                            """
                            UPDATE idempotency_key SET resource_id = :id
                            WHERE endpoint = :endpoint AND key = :key
                            """)
                    .param("id", id)
                    .param("endpoint", endpoint)
                    .param("key", key)
                    .update();
            return id;
        }
        var earlier =
                sql.sql(
                                """
                                SELECT fingerprint, resource_id FROM idempotency_key
                                WHERE endpoint = :endpoint AND key = :key
                                """)
                        .param("endpoint", endpoint)
                        .param("key", key)
                        .query(Earlier.class)
                        .single();
        if (!earlier.fingerprint().equals(fingerprint)) {
            throw new ProblemException(
                    ProblemCode.IDEMPOTENCY_KEY_REUSED,
                    "The Idempotency-Key came before with another request; send a new key with a new"
                            + " request, or the same request again.");
        }
        return earlier.resourceId();
    }

    /** Waits for whoever is about to commit the same key; false means that they did. */
    private boolean claim(String key, String endpoint, String fingerprint) {
        return sql.sql(
                                """
                                INSERT INTO idempotency_key (endpoint, key, fingerprint, created_at)
                                VALUES (:endpoint, :key, :fingerprint, :now)
                                ON CONFLICT DO NOTHING
                                """)
                        .param("endpoint", endpoint)
                        .param("key", key)
                        .param("fingerprint", fingerprint)
                        .param("now", Timestamp.from(time.instant()))
                        .update()
                == 1;
    }

    /** This key first, and some others while at it: so the table stays as small as a day is. */
    private void forgetExpired(String key, String endpoint) {
        sql.sql(
                        """
                        DELETE FROM idempotency_key
                        WHERE (endpoint, key) IN (
                            SELECT endpoint, key FROM idempotency_key
                            WHERE created_at < :expired
                            ORDER BY (endpoint = :endpoint AND key = :key) DESC
                            LIMIT 100
                            FOR UPDATE SKIP LOCKED)
                        """)
                .param("expired", Timestamp.from(time.instant().minus(KEPT)))
                .param("endpoint", endpoint)
                .param("key", key)
                .update();
    }
}
