package dev.hearth.storage;

import dev.hearth.http.Owner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Who needs which blob, and the locks that keep a blob from being deleted under somebody who is
 * about to own it. A lock belongs to a hash and lasts until the transaction's end; any store can
 * use them.
 */
@Component
class BlobOwners {

    /** What the names begin with of those who store before they own. */
    static final String CLAIM = "claim:";

    private final JdbcClient sql;
    private final InstantSource time;
    private final TransactionTemplate joined;
    private final TransactionTemplate separate;

    BlobOwners(JdbcClient sql, InstantSource time, PlatformTransactionManager transactions) {
        this.sql = sql;
        this.time = time;
        this.joined = new TransactionTemplate(transactions);
        this.separate = new TransactionTemplate(transactions);
        this.separate.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /** Whether the caller is in a transaction, so that a lock would last beyond the call. */
    boolean inTransaction() {
        return TransactionSynchronizationManager.isActualTransactionActive();
    }

    /** Waits until nobody else stores, owns or deletes this blob; holds until the commit. */
    void lock(Sha256 hash) {
        lock(Long.parseUnsignedLong(hash.hex().substring(0, 16), 16));
    }

    /** Waits until nobody else holds this key; holds until the commit. */
    void lock(long key) {
        sql.sql("SELECT pg_advisory_xact_lock(:key)")
                .param("key", key)
                .query((row, _) -> true)
                .single();
    }

    /**
     * @param account whose quota the blob counts to; empty for nobody's
     */
    void add(String owner, Optional<Owner> account, Blob blob) {
        sql.sql(
                        """
                        INSERT INTO blob_owner (hash, owner, account, size_bytes, created_at)
                        VALUES (:hash, :owner, :account, :size, :now)
                        ON CONFLICT (hash, owner) DO NOTHING
                        """)
                .param("hash", blob.hash().hex())
                .param("owner", owner)
                .param("account", account.map(Owner::name).orElse(null))
                .param("size", blob.sizeBytes())
                .param("now", Timestamp.from(time.instant()))
                .update();
    }

    /** Ends all that {@code owner} owns; answers what that was. */
    List<Sha256> remove(String owner) {
        return sql.sql("DELETE FROM blob_owner WHERE owner = :owner RETURNING hash")
                .param("owner", owner)
                .query((row, _) -> new Sha256(row.getString("hash")))
                .list();
    }

    /** Ends the claims of processes that died before they could; answers how many there were. */
    int endClaimsBefore(Instant time) {
        return sql.sql(
                        "DELETE FROM blob_owner WHERE starts_with(owner, :claim) AND created_at < :time")
                .param("claim", CLAIM)
                .param("time", Timestamp.from(time))
                .update();
    }

    private boolean isOwned(Sha256 hash) {
        return sql.sql("SELECT EXISTS (SELECT 1 FROM blob_owner WHERE hash = :hash)")
                .param("hash", hash.hex())
                .query(Boolean.class)
                .single();
    }

    /** Runs in the caller's transaction, or in one of its own where there is none. */
    void inOneTransaction(Runnable work) {
        joined.executeWithoutResult(_ -> work.run());
    }

    /** Deletes a blob's bytes. */
    @FunctionalInterface
    interface Deletion {
        void run() throws IOException;
    }

    /**
     * Runs {@code deletion} unless somebody owns the blob, and lets nobody own it meanwhile.
     *
     * @return whether it ran
     */
    boolean ifUnowned(Sha256 hash, Deletion deletion) throws IOException {
        try {
            return Boolean.TRUE.equals(
                    separate.execute(_ -> {
                        lock(hash);
                        if (isOwned(hash)) {
                            return false;
                        }
                        try {
                            deletion.run();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                        return true;
                    }));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Which of these blobs somebody owns. */
    Set<Sha256> owned(List<Sha256> hashes) {
        if (hashes.isEmpty()) {
            return Set.of();
        }
        return new HashSet<>(
                sql.sql("SELECT DISTINCT hash FROM blob_owner WHERE hash IN (:hashes)")
                        .param("hashes", hashes.stream().map(Sha256::hex).toList())
                        .query((row, _) -> new Sha256(row.getString("hash")))
                        .list());
    }

    /** Of all blobs that somebody owns, each counted once. */
    long ownedBytes() {
        return sql.sql(
                        """
                        SELECT coalesce(sum(size_bytes), 0)
                        FROM (SELECT DISTINCT hash, size_bytes FROM blob_owner) AS blob
                        """)
                .query(Long.class)
                .single();
    }

    /** Of all blobs on an owner's account, each counted once. */
    long ownedBytes(Owner account) {
        return sql.sql(
                        """
                        SELECT coalesce(sum(size_bytes), 0)
                        FROM (SELECT DISTINCT hash, size_bytes FROM blob_owner
                            WHERE account = :account) AS blob
                        """)
                .param("account", account.name())
                .query(Long.class)
                .single();
    }

    long ownedBlobs() {
        return sql.sql("SELECT count(DISTINCT hash) FROM blob_owner").query(Long.class).single();
    }

    /** What the owners of each kind own; a kind is what an owner's name has before the colon. */
    List<StorageController.OwnerKind> kinds() {
        return sql.sql(
                        """
                        SELECT split_part(owner, ':', 1) AS kind, count(DISTINCT owner) AS count,
                               sum(size_bytes) AS bytes
                        FROM blob_owner GROUP BY 1 ORDER BY 1
                        """)
                .query((row, _) ->
                        new StorageController.OwnerKind(
                                row.getString("kind"), row.getLong("count"), row.getLong("bytes")))
                .list();
    }

    /**
     * Takes the turn to sweep, which one process has at a time.
     *
     * @param due the turn is free if the last one was taken before
     */
    boolean claimSweep(Instant due) {
        return sql.sql(
                                """
                                UPDATE storage_sweep SET last_started_at = :now
                                WHERE last_started_at <= :due
                                """)
                        .param("now", Timestamp.from(time.instant()))
                        .param("due", Timestamp.from(due))
                        .update()
                == 1;
    }

    /** Runs {@code work} once the caller's transaction is over, if it ended so. */
    void afterwards(Ending ending, Runnable work) {
        TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                    @Override
                    public void afterCompletion(int status) {
                        if ((status == STATUS_COMMITTED) == (ending == Ending.COMMITTED)) {
                            work.run();
                        }
                    }
                });
    }

    /** How a transaction ended. */
    enum Ending {
        COMMITTED,
        ROLLED_BACK
    }
}
