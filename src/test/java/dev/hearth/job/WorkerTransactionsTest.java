package dev.hearth.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.HearthTest;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** Workers' transactions do not outlive a process that is stopped within one. */
@HearthTest
class WorkerTransactionsTest {

    @Autowired WorkerTransactions transactions;
    @Autowired TransactionTemplate template;
    @Autowired JdbcClient jdbc;

    @Test
    void theDatabaseEndsOneThatFallsSilentAndGivesItsLocksToWhoeverWaits() throws Exception {
        String lock = "SELECT pg_advisory_xact_lock(%d)".formatted(UUID.randomUUID().hashCode());
        var silent = new WorkerTransactions(template, jdbc, Duration.ofMillis(100));
        try (var others = Executors.newSingleThreadExecutor()) {
            // The one that holds the lock says nothing until another has got it.
            assertThatThrownBy(() ->
                            silent.run(() -> {
                                take(lock);
                                join(others.submit(() -> transactions.run(() -> take(lock))));
                            }))
                    .isInstanceOfAny(DataAccessException.class, TransactionException.class);
        }
    }

    @Test
    void workersHaveLongerThanAnyOfTheirTransactionsTakes() {
        String limit =
                transactions.call(() ->
                        jdbc.sql("SHOW idle_in_transaction_session_timeout")
                                .query(String.class)
                                .single());

        assertThat(limit).isEqualTo("30s");
        assertThat(
                        jdbc.sql("SHOW idle_in_transaction_session_timeout")
                                .query(String.class)
                                .single())
                .isEqualTo("0");
    }

    private void take(String lock) {
        jdbc.sql(lock).query((_, _) -> true).single();
    }

    private static void join(Future<?> other) {
        try {
            other.get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
