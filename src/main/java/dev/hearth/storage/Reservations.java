package dev.hearth.storage;

import dev.hearth.http.Owner;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Refuses bytes beyond what an owner, or all together, may have, as they arrive. Counted are the
 * blobs that somebody owns and all that is reserved, by whatever process: so requests at the same
 * time cannot pass a limit together.
 */
public class Reservations {

    /** The most that all may have together, and each. */
    record Most(OptionalLong together, QuotaSettings each) {}

    /** How much of an owner's limit is used. */
    record Use(Owner owner, long usedBytes, long arrivingBytes, OptionalLong mostBytes) {}

    /** How long a reservation is kept that nobody renews. */
    static final Duration KEPT = Duration.ofMinutes(1);

    private static final long RENEWED_EVERY_SECONDS = 15;

    /** Of one reservation at a time: what is left is looked at, and then taken. */
    private static final long LOCK = 0x4865617274685271L;

    private final Most most;
    private final BlobOwners owners;
    private final JdbcClient sql;
    private final InstantSource time;
    private final TransactionTemplate separate;
    private final Set<Reservation> open = ConcurrentHashMap.newKeySet();

    Reservations(
            Most most,
            BlobOwners owners,
            JdbcClient sql,
            InstantSource time,
            PlatformTransactionManager transactions) {
        this.most = most;
        this.owners = owners;
        this.sql = sql;
        this.time = time;
        this.separate = new TransactionTemplate(transactions);
        this.separate.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /** On the account of an owner; nothing is reserved yet. */
    public Reservation of(Owner owner) {
        return remembered(new Reservation(Optional.of(owner), this));
    }

    /**
     * For what has to be kept once it is made, such as what a run has trained: it is limited by
     * what all may have together, and on its owner's account once it is owned.
     */
    Reservation ofNobody() {
        return remembered(new Reservation(Optional.empty(), this));
    }

    private Reservation remembered(Reservation reservation) {
        open.add(reservation);
        return reservation;
    }

    OptionalLong mostBytes() {
        return most.together();
    }

    Use use(Owner owner) {
        return new Use(
                owner,
                owners.ownedBytes(owner),
                reserved(Optional.of(owner)),
                most.each().mostBytes(owner));
    }

    /**
     * Whether so many bytes would fit at the moment; nothing is reserved.
     *
     * @throws ProblemException as {@link Reservation#add}
     */
    public void require(Owner owner, long bytes) {
        if (isLimited(Optional.of(owner))) {
            refusal(Optional.of(owner), bytes)
                    .ifPresent(refused -> {
                        throw refused;
                    });
        }
    }

    /**
     * Whether the owner may begin what will store things later and keeps them in any case, such as
     * a run: as long as anything of the quota is left.
     *
     * @throws ProblemException QUOTA_EXCEEDED where nothing is
     */
    public void requireSome(Owner owner) {
        var limit = most.each().mostBytes(owner);
        if (limit.isEmpty()) {
            return;
        }
        var used = owners.ownedBytes(owner) + reserved(Optional.of(owner));
        if (used >= limit.getAsLong()) {
            throw new ProblemException(
                    ProblemCode.QUOTA_EXCEEDED,
                    "owner '%s' may store %d bytes (hearth.quota) and has %d, so nothing can begin that stores more; delete data sets, runs or models that are not needed (GET /v1/storage shows what is used)"
                            .formatted(owner.name(), limit.getAsLong(), used));
        }
    }

    boolean isLimited(Optional<Owner> account) {
        return most.together().isPresent() || limit(account).isPresent();
    }

    private OptionalLong limit(Optional<Owner> account) {
        return account.isEmpty() ? OptionalLong.empty() : most.each().mostBytes(account.get());
    }

    /** Reserves more, or throws. */
    void grow(Reservation reservation, long bytes) {
        var refused = reserve(reservation, bytes);
        if (refused.isPresent()) {
            throw refused.get();
        }
    }

    /** Reserves more, or not; false if not. */
    boolean tryGrow(Reservation reservation, long bytes) {
        return reserve(reservation, bytes).isEmpty();
    }

    /** In a transaction of its own, so that the others see it at once. */
    private Optional<ProblemException> reserve(Reservation reservation, long bytes) {
        return separate.execute(_ -> {
            owners.lock(LOCK);
            var refused = refusal(reservation.account(), bytes);
            if (refused.isEmpty()) {
                write(reservation, bytes);
            }
            return refused;
        });
    }

    private Optional<ProblemException> refusal(Optional<Owner> account, long bytes) {
        var limit = limit(account);
        if (limit.isPresent()) {
            var owner = account.orElseThrow();
            var used = owners.ownedBytes(owner) + reserved(account);
            if (bytes > limit.getAsLong() - used) {
                return Optional.of(
                        new ProblemException(
                                ProblemCode.QUOTA_EXCEEDED,
                                "owner '%s' may store %d bytes (hearth.quota), %d of which are used or on their way, and %d more would be too many; delete data sets or models that are not needed (GET /v1/storage shows what is used)"
                                        .formatted(owner.name(), limit.getAsLong(), used, bytes)));
            }
        }
        if (most.together().isPresent()) {
            var together = most.together().getAsLong();
            var used = owners.ownedBytes() + reserved(Optional.empty());
            if (bytes > together - used) {
                return Optional.of(
                        new ProblemException(
                                ProblemCode.STORAGE_FULL,
                                "the storage may hold %d bytes (hearth.storage.max-total), %d of which are used; delete data sets or models that are not needed (GET /v1/storage shows what is used)"
                                        .formatted(together, used)));
            }
        }
        return Optional.empty();
    }

    /**
     * @param account empty for all
     */
    private long reserved(Optional<Owner> account) {
        return sql.sql(
                        """
                        SELECT coalesce(sum(bytes), 0) FROM storage_reservation
                        WHERE expires_at > :now AND (:account::text IS NULL OR account = :account)
                        """)
                .param("now", Timestamp.from(time.instant()))
                .param("account", account.map(Owner::name).orElse(null))
                .query(Long.class)
                .single();
    }

    private void write(Reservation reservation, long bytes) {
        sql.sql(
                        """
                        INSERT INTO storage_reservation (id, account, bytes, expires_at)
                        VALUES (:id, :account, :bytes, :expires)
                        ON CONFLICT (id) DO UPDATE SET
                            bytes = storage_reservation.bytes + excluded.bytes,
                            expires_at = excluded.expires_at
                        """)
                .param("id", reservation.id())
                .param("account", reservation.account().map(Owner::name).orElse(null))
                .param("bytes", bytes)
                .param("expires", Timestamp.from(time.instant().plus(KEPT)))
                .update();
    }

    /** In a transaction of its own, even where the caller's has just ended. */
    void giveBack(Reservation reservation) {
        separate.executeWithoutResult(_ -> end(reservation));
    }

    /** In the caller's transaction. */
    void end(Reservation reservation) {
        sql.sql("DELETE FROM storage_reservation WHERE id = :id")
                .param("id", reservation.id())
                .update();
    }

    void forget(Reservation reservation) {
        open.remove(reservation);
    }

    /** Keeps what is open, and ends what belonged to processes that died. */
    @Scheduled(fixedDelay = RENEWED_EVERY_SECONDS, timeUnit = TimeUnit.SECONDS)
    public void renew() {
        var held = open.stream().filter(Reservation::isHeld).map(Reservation::id).toList();
        var now = time.instant();
        if (!held.isEmpty()) {
            sql.sql("UPDATE storage_reservation SET expires_at = :expires WHERE id IN (:ids)")
                    .param("expires", Timestamp.from(now.plus(KEPT)))
                    .param("ids", held)
                    .update();
        }
        sql.sql("DELETE FROM storage_reservation WHERE expires_at <= :now")
                .param("now", Timestamp.from(now))
                .update();
    }
}
