package dev.hearth.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.HearthTest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@HearthTest
class DatabaseClockTest {

    private static final Instant LONG_AGO = Instant.parse("2001-01-01T00:00:00Z");

    @Autowired JdbcClient sql;
    @Autowired InstantSource serviceTime;

    private final AtomicReference<Instant> machine = new AtomicReference<>(LONG_AGO);

    @Test
    void aMachineWhoseClockIsWrongHasTheDatabasesTime() {
        Instant before = databaseTime();
        var clock = new DatabaseClock(sql, machine::get);
        Instant after = databaseTime();

        assertThat(clock.instant()).isBetween(before, after);
    }

    @Test
    void theMachineTellsHowTimeGoesOn() {
        var clock = new DatabaseClock(sql, machine::get);
        Instant first = clock.instant();

        machine.set(LONG_AGO.plusSeconds(7));

        assertThat(clock.instant()).isEqualTo(first.plusSeconds(7));
    }

    @Test
    void aClockThatWentAstrayIsPutRightByTheNextAsking() {
        var clock = new DatabaseClock(sql, machine::get);
        machine.set(LONG_AGO.plus(Duration.ofDays(100)));

        Instant before = databaseTime();
        clock.ask();

        assertThat(clock.instant()).isBetween(before, databaseTime());
    }

    @Test
    void theServiceLivesInTheDatabasesTime() {
        assertThat(serviceTime).isInstanceOf(DatabaseClock.class);
    }

    private Instant databaseTime() {
        return sql.sql("SELECT clock_timestamp()")
                .query((row, _) -> row.getTimestamp(1).toInstant())
                .single();
    }
}
