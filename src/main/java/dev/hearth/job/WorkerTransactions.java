package dev.hearth.job;

import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The transactions in which a worker writes. The database ends one whose process falls silent in
 * the middle of it: a process that is stopped, and not dead, would hold its locks as long, the row
 * of what it works on among them, and nobody could take that over.
 */
@Component
public class WorkerTransactions {

    /** Long beside what happens within a transaction, and short beside a lease. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

    private final TransactionTemplate transaction;
    private final JdbcClient jdbc;
    private final Duration longestSilence;

    @Autowired
    WorkerTransactions(TransactionTemplate transaction, JdbcClient jdbc) {
        this(transaction, jdbc, LONGEST_SILENCE);
    }

    WorkerTransactions(TransactionTemplate transaction, JdbcClient jdbc, Duration longestSilence) {
        this.transaction = transaction;
        this.jdbc = jdbc;
        this.longestSilence = longestSilence;
    }

    /** Does {@code work} in the transaction that there is, or in a new one. */
    public void run(Runnable work) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            work.run();
        } else {
            transaction.executeWithoutResult(_ -> {
                limitSilence();
                work.run();
            });
        }
    }

    /** As {@link #run}, with an answer. */
    public <T> T call(Supplier<T> work) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            return work.get();
        }
        return transaction.execute(_ -> {
            limitSilence();
            return work.get();
        });
    }

    /** Until the transaction's end. */
    private void limitSilence() {
        jdbc.sql("SELECT set_config('idle_in_transaction_session_timeout', :millis, true)")
                .param("millis", String.valueOf(longestSilence.toMillis()))
                .query(String.class)
                .single();
    }
}
