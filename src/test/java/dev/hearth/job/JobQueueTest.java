package dev.hearth.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.testhelper.ManualScheduler;
import com.github.kagkarlsson.scheduler.testhelper.SettableClock;
import com.github.kagkarlsson.scheduler.testhelper.TestHelper;
import dev.hearth.HearthTest;
import dev.hearth.problem.UnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/** The queue with its own clock, on tables of its own in the shared database. */
@HearthTest
class JobQueueTest {

    private static final String KIND = "errand";
    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

    private final SettableClock clock = new SettableClock();
    private final Errands errands = new Errands();
    private final AtomicInteger rings = new AtomicInteger();

    private final JdbcClient sql;
    private final TransactionTemplate transactions;
    private final JobQueue queue;
    private final ManualScheduler workers;

    @Autowired
    JobQueueTest(JdbcConnectionDetails database) {
        var url = database.getJdbcUrl();
        var dataSource =
                new DriverManagerDataSource(
                        url + (url.contains("?") ? "&" : "?") + "currentSchema=job_test",
                        String.valueOf(database.getUsername()),
                        String.valueOf(database.getPassword()));
        Flyway.configure()
                .dataSource(dataSource)
                .defaultSchema("job_test")
                .createSchemas(true)
                .load()
                .migrate();
        sql = JdbcClient.create(dataSource);
        transactions = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        var aware = new TransactionAwareDataSourceProxy(dataSource);
        var doorbell = new Doorbell();
        doorbell.answerWith(rings::incrementAndGet);
        queue =
                new JobQueue(
                        SchedulerClient.Builder.create(aware).build(), doorbell, sql, clock::now);
        var tasks = new JobTasks(List.of(new WorkerSlot(0, "cpu")), transactions);
        workers = TestHelper.createManualScheduler(aware, tasks.of(errands)).clock(clock).build();
    }

    @BeforeEach
    void emptyTheQueue() {
        sql.sql("DELETE FROM scheduled_tasks").update();
        clock.set(NOON);
    }

    @Test
    void aJobRunsOnceOnItsSlotAndLeavesTheQueue() {
        queue.enqueue(KIND, "a");

        workers.runAnyDueExecutions();
        workers.runAnyDueExecutions();

        assertThat(errands.log).containsExactly("a attempt 1 on cpu");
        assertThat(waiting()).isZero();
    }

    @Test
    void aJobWhoseTransactionRollsBackWasNeverThere() {
        transactions.executeWithoutResult(status -> {
            queue.enqueue(KIND, "a");
            status.setRollbackOnly();
        });

        assertThat(waiting()).isZero();
        assertThat(rings).hasValue(0);
    }

    @Test
    void workersHearOfAJobWhenItsTransactionCommitsAndNoSooner() {
        transactions.executeWithoutResult(_ -> {
            queue.enqueue(KIND, "a");
            assertThat(rings).hasValue(0);
        });

        assertThat(rings).hasValue(1);
    }

    @Test
    void theFirstToComeIsTheFirstInTheQueue() {
        for (var id : List.of("c", "a", "b")) {
            queue.enqueue(KIND, id);
            clock.tick(Duration.ofMillis(1));
        }

        assertThat(queue.position(KIND, "c")).isEqualTo(OptionalLong.of(0));
        assertThat(queue.position(KIND, "a")).isEqualTo(OptionalLong.of(1));
        assertThat(queue.position(KIND, "b")).isEqualTo(OptionalLong.of(2));
        assertThat(queue.position(KIND, "x")).isEmpty();
    }

    @Test
    void aWaitingJobCanBeTakenOutAndARunningOneCannot() {
        queue.enqueue(KIND, "a");
        queue.enqueue(KIND, "b");
        markPicked("b", NOON);

        assertThat(queue.remove(KIND, "a")).isTrue();
        assertThat(queue.remove(KIND, "a")).isFalse();
        assertThat(queue.remove(KIND, "b")).isFalse();
        assertThat(queue.position(KIND, "b")).isEmpty();
    }

    @Test
    void aJobWaitsLongerAndLongerForStorageThatIsAwayAndIsNeverGivenUp() {
        errands.away = new UnavailableException("the storage is away", new IOException("refused"));
        queue.enqueue(KIND, "a");

        for (var wait : List.of(5, 10, 20, 40, 80, 160, 300, 300)) {
            workers.runAnyDueExecutions();
            var attempts = errands.log.size();
            workers.tick(Duration.ofSeconds(wait).minusMillis(1));
            workers.runAnyDueExecutions();
            assertThat(errands.log).as("before %d s".formatted(wait)).hasSize(attempts);
            workers.tick(Duration.ofMillis(1));
        }
        errands.away = null;
        workers.runAnyDueExecutions();

        assertThat(errands.log).hasSize(9).noneMatch(line -> line.contains("abandoned"));
        assertThat(waiting()).isZero();
    }

    @Test
    void failuresBeforeProgressDoNotCount() {
        errands.failing = true;
        queue.enqueue(KIND, "a");

        for (var attempt = 0; attempt < 5; attempt++) {
            workers.runAnyDueExecutions();
            queue.progressed(KIND, "a");
            workers.tick(Duration.ofMinutes(1));
        }

        assertThat(errands.log).hasSize(5).allMatch(line -> line.equals("a attempt 1 on cpu"));
        assertThat(waiting()).isEqualTo(1);
    }

    @Test
    void aJobThatFailsIsTriedThreeTimesAndThenAbandoned() {
        errands.failing = true;
        queue.enqueue(KIND, "a");

        for (var attempt = 0; attempt < 5; attempt++) {
            workers.runAnyDueExecutions();
            workers.tick(Duration.ofMinutes(1));
        }

        assertThat(errands.log)
                .containsExactly(
                        "a attempt 1 on cpu",
                        "a attempt 2 on cpu",
                        "a attempt 3 on cpu",
                        "a abandoned: tried 3 times; the last time it failed unexpectedly");
        assertThat(waiting()).isZero();
    }

    @Test
    void aJobWhoseAbandonmentCannotBeRecordedStaysInTheQueue() {
        errands.failing = true;
        errands.refusingToBeAbandoned = true;
        queue.enqueue(KIND, "a");

        for (var attempt = 0; attempt < 3; attempt++) {
            workers.runAnyDueExecutions();
            workers.tick(Duration.ofMinutes(1));
        }

        assertThat(waiting()).isEqualTo(1);
    }

    @Test
    void aJobWhoseWorkerDiedIsTakenByAnother() {
        queue.enqueue(KIND, "a");
        markPicked("a", NOON);

        workers.tick(Duration.ofHours(1));
        workers.runDeadExecutionDetection();
        workers.tick(Duration.ofMinutes(1));
        workers.runAnyDueExecutions();

        assertThat(errands.log).containsExactly("a attempt 2 on cpu");
    }

    @Test
    void aJobThatHandsItselfBackKeepsItsPlaceAndItsAttempts() {
        errands.outcome = JobOutcome.HANDED_BACK;
        queue.enqueue(KIND, "a");
        clock.tick(Duration.ofSeconds(1));
        workers.runAnyDueExecutions();
        queue.enqueue(KIND, "b");

        assertThat(queue.position(KIND, "a")).isEqualTo(OptionalLong.of(0));
        assertThat(queue.position(KIND, "b")).isEqualTo(OptionalLong.of(1));

        errands.outcome = JobOutcome.DONE;
        workers.runAnyDueExecutions();

        assertThat(errands.log)
                .containsExactly("a attempt 1 on cpu", "a attempt 1 on cpu", "b attempt 1 on cpu");
    }

    private long waiting() {
        return sql.sql("SELECT count(*) FROM scheduled_tasks").query(Long.class).single();
    }

    private void markPicked(String id, Instant heartbeat) {
        sql.sql(
                        """
                        UPDATE scheduled_tasks
                        SET picked = true, picked_by = 'a dead one', last_heartbeat = :heartbeat::timestamptz,
                            version = version + 1
                        WHERE task_instance = :id
                        """)
                .param("id", id)
                .param("heartbeat", heartbeat.toString())
                .update();
    }

    private static final class Errands implements JobHandler {

        final List<String> log = new ArrayList<>();
        boolean failing;
        @Nullable IOException away;
        boolean refusingToBeAbandoned;
        JobOutcome outcome = JobOutcome.DONE;

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public JobOutcome execute(String id, JobContext context) throws IOException {
            log.add(
                    "%s attempt %d on %s"
                            .formatted(id, context.attempt(), context.slot().device()));
            if (away != null) {
                throw away;
            }
            if (failing) {
                throw new IllegalStateException("as the test wants");
            }
            return outcome;
        }

        @Override
        public void abandoned(String id, String reason) {
            if (refusingToBeAbandoned) {
                throw new IllegalStateException("as the test wants");
            }
            log.add(id + " abandoned: " + reason);
        }
    }
}
