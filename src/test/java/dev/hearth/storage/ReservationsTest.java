package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.HearthTest;
import dev.hearth.http.Owner;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.unit.DataSize;

/** Room for bytes on their way, on a real database. */
@HearthTest
class ReservationsTest {

    private static final long QUOTA = 1_000_000;

    @Autowired JdbcClient sql;
    @Autowired PlatformTransactionManager transactions;

    private final Owner alice = new Owner("alice-" + UUID.randomUUID().toString().substring(0, 8));
    private final Owner bob = new Owner("bob-" + UUID.randomUUID().toString().substring(0, 8));
    private Duration later = Duration.ZERO;

    @AfterEach
    void forgetAll() {
        sql.sql("DELETE FROM storage_reservation").update();
        sql.sql("DELETE FROM blob_owner WHERE account IN (:names)")
                .param("names", List.of(alice.name(), bob.name()))
                .update();
    }

    private Reservations process(OptionalLong together) {
        return new Reservations(
                new Reservations.Most(
                        together,
                        new QuotaSettings(
                                DataSize.ofBytes(QUOTA), Map.of(bob.name(), DataSize.ofBytes(10)))),
                owners(),
                sql,
                () -> Instant.now().plus(later),
                transactions);
    }

    private BlobOwners owners() {
        return new BlobOwners(sql, Instant::now, transactions);
    }

    private static void refused(ProblemCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void anOwnerHasAsMuchAsItsQuotaInAllProcessesTogether() {
        var one = process(OptionalLong.empty());
        var other = process(OptionalLong.empty());
        try (var first = one.of(alice);
                var second = other.of(alice)) {
            first.add(600_000);
            refused(ProblemCode.QUOTA_EXCEEDED, () -> second.add(400_001));
            second.add(400_000);
            refused(ProblemCode.QUOTA_EXCEEDED, () -> first.add(1));
        }
        assertThat(one.use(alice).arrivingBytes()).isZero();
        try (var again = one.of(alice)) {
            again.add(QUOTA);
        }
    }

    @Test
    void manyThatGrowAtTheSameTimeNeverPassTheQuotaAndUseItUp() throws Exception {
        var process = process(OptionalLong.empty());
        Callable<Long> upload =
                () -> {
                    long got = 0;
                    try (var room = process.of(alice)) {
                        for (; got < QUOTA; got += 10_000) {
                            room.add(10_000);
                        }
                    } catch (ProblemException e) {
                        assertThat(e.code()).isEqualTo(ProblemCode.QUOTA_EXCEEDED);
                    }
                    return got;
                };
        var uploads = new ArrayList<Callable<Long>>();
        for (int i = 0; i < 6; i++) {
            uploads.add(upload);
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : threads.invokeAll(uploads)) {
                assertThat(done.get()).isLessThanOrEqualTo(QUOTA);
            }
        }
        assertThat(process.use(alice).arrivingBytes()).isZero();
    }

    @Test
    void whatIsOwnedCountsAndADeletionGivesItBackAtOnce() {
        var process = process(OptionalLong.empty());
        var blob = new Blob(new Sha256("ab".repeat(32)), 900_000);
        owners().add("test:a", Optional.of(alice), blob);
        owners().add("test:b", Optional.of(alice), blob);

        assertThat(process.use(alice).usedBytes()).isEqualTo(900_000);
        refused(ProblemCode.QUOTA_EXCEEDED, () -> process.require(alice, 100_001));
        process.require(alice, 100_000);
        owners().remove("test:a");
        refused(ProblemCode.QUOTA_EXCEEDED, () -> process.require(alice, 100_001));
        owners().remove("test:b");
        process.require(alice, QUOTA);
    }

    @Test
    void whoHasUsedUpTheQuotaBeginsNothingMore() {
        var process = process(OptionalLong.empty());
        try (var room = process.of(alice)) {
            room.add(QUOTA - 1);
            process.requireSome(alice);
            room.add(1);
            refused(ProblemCode.QUOTA_EXCEEDED, () -> process.requireSome(alice));
        }
        process.requireSome(alice);
        process.requireSome(bob);
    }

    @Test
    void someOwnersHaveAQuotaOfTheirOwn() {
        var process = process(OptionalLong.empty());
        process.require(bob, 10);
        refused(ProblemCode.QUOTA_EXCEEDED, () -> process.require(bob, 11));
    }

    @Test
    void theWholeIsFullForEverybody() {
        long used = owners().ownedBytes();
        var process = process(OptionalLong.of(used + 1000));
        try (var room = process.of(alice);
                var other = process.ofNobody()) {
            room.add(600);
            refused(ProblemCode.STORAGE_FULL, () -> other.add(401));
            other.add(400);
        }
    }

    @Test
    void aProcessThatDiesHoldsItsRoomForAMinuteAndOneThatLivesAsLongAsItNeeds() {
        var dead = process(OptionalLong.empty());
        var alive = process(OptionalLong.empty());
        dead.of(alice).add(500_000);
        try (var room = alive.of(alice)) {
            room.add(500_000);
            refused(ProblemCode.QUOTA_EXCEEDED, () -> alive.require(alice, 1));

            later = Duration.ofSeconds(45);
            alive.renew();
            later = Duration.ofSeconds(90);
            alive.renew();

            alive.require(alice, 500_000);
            refused(ProblemCode.QUOTA_EXCEEDED, () -> alive.require(alice, 500_001));
        }
    }

    @Test
    void whatIsSettledIsGivenBackWithTheTransactionThatOwnsTheBytes() {
        var process = process(OptionalLong.empty());
        var transaction = new TransactionTemplate(transactions);
        try (var room = process.of(alice)) {
            room.add(700_000);
            transaction.executeWithoutResult(status -> {
                room.settle();
                status.setRollbackOnly();
            });
            assertThat(process.use(alice).arrivingBytes()).isEqualTo(700_000);

            transaction.executeWithoutResult(_ -> room.settle());
            assertThat(process.use(alice).arrivingBytes()).isZero();
        }
    }
}
