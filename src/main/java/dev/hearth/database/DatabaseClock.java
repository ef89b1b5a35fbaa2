package dev.hearth.database;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * The database's time, which all processes on it share, so that one whose clock is wrong takes no
 * living worker for dead. Between two askings the machine's clock goes on from the last answer.
 *
 * <p>It is in the microseconds that PostgreSQL keeps: what is stored is what was answered.
 */
final class DatabaseClock implements InstantSource {

    private static final Logger log = LoggerFactory.getLogger(DatabaseClock.class);

    private final JdbcClient sql;
    private final InstantSource machine;
    private volatile Duration ahead;

    DatabaseClock(JdbcClient sql, InstantSource machine) {
        this.sql = sql;
        this.machine = machine;
        this.ahead = asked();
    }

    @Override
    public Instant instant() {
        return machine.instant().plus(ahead).truncatedTo(ChronoUnit.MICROS);
    }

    /** Asks the database how far it is ahead of the machine. */
    @Scheduled(fixedDelay = 30, timeUnit = TimeUnit.SECONDS)
    void ask() {
        try {
            ahead = asked();
        } catch (DataAccessException e) {
            // Whoever needs the database says that it is away; the last answer is good for long.
            log.debug("the database does not tell the time", e);
        }
    }

    private Duration asked() {
        Instant before = machine.instant();
        Instant there =
                sql.sql("SELECT clock_timestamp()")
                        .query((row, _) -> row.getTimestamp(1).toInstant())
                        .single();
        Duration took = Duration.between(before, machine.instant());
        return Duration.between(before.plus(took.dividedBy(2)), there);
    }
}
