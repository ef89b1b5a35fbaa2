package dev.hearth.run;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Looks how the runs stand that somebody watches: all of them in one statement, four times a
 * second, however many watch and whichever process trains. While nobody watches it does nothing.
 */
@Component
class RunPulses {

    private static final Logger log = LoggerFactory.getLogger(RunPulses.class);
    private static final long INTERVAL_MILLIS = 250;

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final ReentrantLock looking = new ReentrantLock();

    RunPulses(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Somebody who watches a run, until it is closed. */
    final class Watch implements AutoCloseable {

        private final RunId run;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition looked = lock.newCondition();
        private Optional<RunPulse> latest;
        private boolean isNew = true;

        private Watch(RunId run, Optional<RunPulse> first) {
            this.run = run;
            this.latest = first;
        }

        /**
         * Waits until the run has been looked at once more, or a second where that cannot be done.
         *
         * @return how it stood when it was last seen; empty if there is no such run
         */
        Optional<RunPulse> next() throws InterruptedException {
            lock.lock();
            try {
                long left = TimeUnit.SECONDS.toNanos(1);
                while (!isNew && left > 0) {
                    left = looked.awaitNanos(left);
                }
                isNew = false;
                return latest;
            } finally {
                lock.unlock();
            }
        }

        private void saw(Optional<RunPulse> pulse) {
            lock.lock();
            try {
                latest = pulse;
                isNew = true;
                looked.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            watches.remove(this);
        }
    }

    Watch watch(RunId run) {
        var watch = new Watch(run, Optional.ofNullable(look(Set.of(run)).get(run)));
        watches.add(watch);
        return watch;
    }

    /** At a fixed rate, each time on a thread of its own, since others' work may take long. */
    @Scheduled(fixedRate = INTERVAL_MILLIS, timeUnit = TimeUnit.MILLISECONDS)
    void look() {
        if (watches.isEmpty() || !looking.tryLock()) {
            return;
        }
        try {
            var watched = Set.copyOf(watches);
            Map<RunId, RunPulse> seen =
                    look(watched.stream().map(watch -> watch.run).collect(Collectors.toSet()));
            watched.forEach(watch -> watch.saw(Optional.ofNullable(seen.get(watch.run))));
        } catch (DataAccessException e) {
            log.warn("The database does not tell how watched runs stand; trying again", e);
        } finally {
            looking.unlock();
        }
    }

    private Map<RunId, RunPulse> look(Set<RunId> runs) {
        return jdbc
                .sql(
                        """
                        SELECT id, state, events, epoch, epochs, fraction, metrics
                        FROM run WHERE id = ANY (:ids)
                        """)
                .param("ids", runs.stream().map(RunId::value).toArray(UUID[]::new))
                .query((row, _) -> Map.entry(id(row), pulse(row)))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static RunId id(ResultSet row) throws SQLException {
        return new RunId(row.getObject("id", UUID.class));
    }

    private RunPulse pulse(ResultSet row) throws SQLException {
        return new RunPulse(
                RunState.of(row.getString("state")),
                row.getInt("events"),
                new RunPulse.Progress(
                        row.getInt("epoch"),
                        row.getInt("epochs"),
                        row.getDouble("fraction"),
                        json.readValue(
                                row.getString("metrics"),
                                new TypeReference<Map<String, Double>>() {})));
    }
}
