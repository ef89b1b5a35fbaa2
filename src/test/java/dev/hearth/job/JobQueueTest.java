package dev.hearth.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.PollingStrategyConfig;
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
import java.util.Map;
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
        queue = new JobQueue(doorbell, sql, clock::now);
        var tasks =
                new JobTasks(
                        List.of(new WorkerSlot(0, "cpu")),
                        transactions,
                        new JobUse(sql, clock::now),
                        new JobReturns(sql, clock::now));
        var builder =
                TestHelper.createManualScheduler(aware, tasks.of(errands))
                        .clock(clock)
                        .pollingStrategy(PollingStrategyConfig.DEFAULT_SELECT_FOR_UPDATE);
        builder.jdbcCustomization(new FairPick(List.of(KIND))).threads(1);
        workers = builder.build();
    }

    @BeforeEach
    void emptyTheQueue() {
        sql.sql("DELETE FROM scheduled_tasks").update();
        sql.sql("DELETE FROM job_use").update();
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

        assertThat(queue.line(KIND)).containsExactly("c", "a", "b");
        assertThat(queue.oldest(KIND)).contains(NOON);
        assertThat(queue.line("another kind")).isEmpty();
        assertThat(queue.oldest("another kind")).isEmpty();
    }

    @Test
    void aWaitingJobCanBeTakenOutAndARunningOneCannot() {
        queue.enqueue(KIND, "a");
        queue.enqueue(KIND, "b");
        markPicked("b", NOON);

        assertThat(queue.remove(KIND, "a")).isTrue();
        assertThat(queue.remove(KIND, "a")).isFalse();
        assertThat(queue.remove(KIND, "b")).isFalse();
        assertThat(queue.line(KIND)).isEmpty();
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

        assertThat(errands.log).hasSize(9).allMatch(line -> line.equals("a attempt 1 on cpu"));
        assertThat(waiting()).isZero();
    }

    @Test
    void waitingForStorageIsNoFailureAndForgivesNone() {
        queue.enqueue(KIND, "a");
        for (var failure = 0; failure < 2; failure++) {
            errands.failing = true;
            workers.runAnyDueExecutions();
            workers.tick(Duration.ofMinutes(1));
            errands.failing = false;

            errands.away = new UnavailableException("away", new IOException("refused"));
            for (var outage = 0; outage < 3; outage++) {
                workers.runAnyDueExecutions();
                assertThat(failures()).isEqualTo(failure + 1);
                workers.tick(Duration.ofMinutes(5));
            }
            errands.away = null;
        }
        errands.failing = true;
        workers.runAnyDueExecutions();

        assertThat(errands.log)
                .last()
                .isEqualTo("a abandoned: tried 3 times; the last time it failed unexpectedly");
        assertThat(waiting()).isZero();
    }

    @Test
    void aJobThatWaitsForStorageKeepsItsPlaceAndLetsOthersPass() {
        queue.enqueue(KIND, "a");
        clock.tick(Duration.ofSeconds(1));
        queue.enqueue(KIND, "b");
        errands.away = new UnavailableException("away", new IOException("refused"));
        workers.runAnyDueExecutions();
        errands.away = null;

        assertThat(queue.line(KIND)).containsExactly("a", "b");
        assertThat(queue.waits(KIND)).isEqualTo(Map.of("a", "storage"));
        assertThat(queue.oldest(KIND)).contains(NOON);
        workers.runAnyDueExecutions();
        workers.runAnyDueExecutions();
        assertThat(errands.log).containsExactly("a attempt 1 on cpu", "b attempt 1 on cpu");

        workers.tick(Duration.ofSeconds(5));
        workers.runAnyDueExecutions();
        assertThat(errands.log).last().isEqualTo("a attempt 1 on cpu");
        assertThat(waiting()).isZero();
    }

    @Test
    void aJobThatHasComeFurtherWaitsForStorageAShortWhileAgain() {
        errands.away = new UnavailableException("away", new IOException("refused"));
        queue.enqueue(KIND, "a");
        for (var outage = 0; outage < 6; outage++) {
            workers.runAnyDueExecutions();
            workers.tick(Duration.ofMinutes(5));
        }
        queue.progressed(KIND, "a");

        workers.runAnyDueExecutions();
        workers.tick(Duration.ofSeconds(5));
        workers.runAnyDueExecutions();

        assertThat(errands.log).hasSize(8);
    }

    @Test
    void aJobThatAnotherWorkerHasByNowIsNotGivenBack() {
        errands.away = new UnavailableException("away", new IOException("refused"));
        errands.meanwhile = () -> markPicked("a", clock.now());
        queue.enqueue(KIND, "a");

        workers.runAnyDueExecutions();

        assertThat(
                        sql.sql("SELECT picked_by FROM scheduled_tasks WHERE picked")
                                .query(String.class)
                                .list())
                .containsExactly("a dead one");
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
        workers.runAnyDueExecutions();

        assertThat(errands.log).containsExactly("a attempt 2 on cpu");
    }

    @Test
    void aJobThatKillsItsWorkerIsAbandonedAtItsThirdDeath() {
        queue.enqueue(KIND, "a");

        for (var death = 0; death < 3; death++) {
            markPicked("a", clock.now());
            workers.tick(Duration.ofHours(1));
            workers.runDeadExecutionDetection();
        }

        assertThat(errands.log)
                .containsExactly("a abandoned: tried 3 times; the last time its worker died");
    }

    /** Jobs {@code a} and {@code b}, at the hands of one worker. */
    private void twoDieTogether() {
        for (var id : List.of("a", "b")) {
            enqueue(id, "ada", 0);
            markPicked(id, NOON);
        }
        workers.tick(Duration.ofHours(1));
        workers.runDeadExecutionDetection();
    }

    @Test
    void jobsThatDiedTogetherAreTriedOneAtATimeUntilTheyHaveComeFurther() {
        twoDieTogether();
        markTaken("a", clock.now());
        enqueue("fresh", "ada", 0);

        workers.runAnyDueExecutions();
        workers.runAnyDueExecutions();
        assertThat(errands.log).containsExactly("fresh attempt 1 on cpu");

        queue.progressed(KIND, "a");
        workers.runAnyDueExecutions();
        assertThat(errands.log).containsExactly("fresh attempt 1 on cpu", "b attempt 2 on cpu");
    }

    @Test
    void aJobThatDiedWithAnotherDoesNotWaitForItForEver() {
        twoDieTogether();
        markTaken("a", clock.now());

        clock.tick(Duration.ofMinutes(11));
        workers.runAnyDueExecutions();

        assertThat(errands.log).containsExactly("b attempt 2 on cpu");
    }

    @Test
    void whatDiedOnAnotherMachineIsTriedHere() {
        twoDieTogether();
        markPicked("a", clock.now());

        workers.runAnyDueExecutions();

        assertThat(errands.log).containsExactly("b attempt 2 on cpu");
    }

    @Test
    void aHigherPriorityGoesFirstWhoeverItIsFor() {
        enqueue("ordinary", "ada", 0);
        enqueue("low", "bob", -1);
        enqueue("urgent", "ada", 7);

        assertThat(queue.line(KIND)).containsExactly("urgent", "ordinary", "low");
        assertThat(taken()).containsExactly("urgent", "ordinary", "low");
    }

    @Test
    void ownersTakeTurnsHoweverManyJobsOneHas() {
        errands.duration = Duration.ofMinutes(1);
        for (var id : List.of("ada-1", "ada-2", "ada-3", "ada-4")) {
            enqueue(id, "ada", 0);
        }
        for (var id : List.of("bob-1", "bob-2")) {
            enqueue(id, "bob", 0);
        }

        assertThat(queue.line(KIND))
                .containsExactly("ada-1", "bob-1", "ada-2", "bob-2", "ada-3", "ada-4");
        assertThat(taken()).containsExactly("ada-1", "bob-1", "ada-2", "bob-2", "ada-3", "ada-4");
    }

    @Test
    void whoHasFewestWorkersGoesFirst() {
        enqueue("ada-1", "ada", 0);
        markPicked("ada-1", NOON);
        enqueue("ada-2", "ada", 0);
        enqueue("bob-1", "bob", 0);

        assertThat(queue.line(KIND)).containsExactly("bob-1", "ada-2");
    }

    @Test
    void whoHasHadTheWorkersForLessTimeOfLateGoesFirst() {
        errands.duration = Duration.ofMinutes(10);
        enqueue("ada-1", "ada", 0);
        workers.runAnyDueExecutions();
        errands.duration = Duration.ofMinutes(1);
        enqueue("ada-2", "ada", 0);
        for (var id : List.of("bob-1", "bob-2", "bob-3")) {
            enqueue(id, "bob", 0);
        }

        for (var i = 0; i < 4; i++) {
            workers.runAnyDueExecutions();
        }

        // Bob's minutes are fewer than Ada's ten, so all of his go before her second.
        assertThat(taken()).containsExactly("ada-1", "bob-1", "bob-2", "bob-3", "ada-2");
    }

    @Test
    void whatWasLongAgoIsForgotten() {
        errands.duration = Duration.ofHours(10);
        enqueue("ada-1", "ada", 0);
        workers.runAnyDueExecutions();
        clock.tick(Duration.ofHours(24));
        errands.duration = Duration.ofMinutes(1);
        enqueue("bob-1", "bob", 0);
        workers.runAnyDueExecutions();
        enqueue("bob-2", "bob", 0);
        enqueue("ada-2", "ada", 0);

        assertThat(queue.line(KIND)).containsExactly("ada-2", "bob-2");
    }

    @Test
    void theTimeOfADeadWorkerCountsUntilItWasLastHeardOf() {
        enqueue("ada-1", "ada", 0);
        markPicked("ada-1", NOON.plusSeconds(30));
        workers.tick(Duration.ofHours(1));
        workers.runDeadExecutionDetection();

        assertThat(
                        sql.sql("SELECT seconds FROM job_use WHERE owner = 'ada'")
                                .query(Double.class)
                                .single())
                .isEqualTo(30.0);
    }

    private void enqueue(String id, String owner, int priority) {
        queue.enqueue(KIND, id, new JobRank(owner, priority));
        clock.tick(Duration.ofMillis(1));
    }

    /** Runs all that waits, one by one, and tells in which order. */
    private List<String> taken() {
        while (!queue.line(KIND).isEmpty()) {
            workers.runAnyDueExecutions();
        }
        return errands.log.stream().map(line -> line.split(" ")[0]).toList();
    }

    @Test
    void aJobThatHandsItselfBackKeepsItsPlaceAndItsAttempts() {
        errands.outcome = JobOutcome.HANDED_BACK;
        queue.enqueue(KIND, "a");
        clock.tick(Duration.ofSeconds(1));
        workers.runAnyDueExecutions();
        queue.enqueue(KIND, "b");

        assertThat(queue.line(KIND)).containsExactly("a", "b");

        errands.outcome = JobOutcome.DONE;
        workers.runAnyDueExecutions();
        workers.runAnyDueExecutions();

        assertThat(errands.log)
                .containsExactly("a attempt 1 on cpu", "a attempt 1 on cpu", "b attempt 1 on cpu");
    }

    @Test
    void aJobThatFindsNoRoomLetsOthersPassForAMomentAndKeepsItsPlace() {
        queue.enqueue(KIND, "large");
        clock.tick(Duration.ofSeconds(1));
        queue.enqueue(KIND, "small");
        errands.outcome = JobOutcome.NO_ROOM;
        workers.runAnyDueExecutions();
        errands.outcome = JobOutcome.DONE;

        assertThat(queue.line(KIND)).containsExactly("large", "small");
        workers.runAnyDueExecutions();
        workers.runAnyDueExecutions();
        assertThat(errands.log).containsExactly("large attempt 1 on cpu", "small attempt 1 on cpu");

        clock.tick(JobReturns.PAUSE);
        workers.runAnyDueExecutions();
        assertThat(errands.log).hasSize(3).last().isEqualTo("large attempt 1 on cpu");
        assertThat(waiting()).isZero();
    }

    @Test
    void whatAJobWaitsForIsToldOnceUntilItWaitsNoMore() {
        queue.enqueue(KIND, "a");

        assertThat(queue.waitsFor(KIND, "a", "memory")).isTrue();
        assertThat(queue.waitsFor(KIND, "a", "memory")).isFalse();
        assertThat(queue.waits(KIND)).isEqualTo(Map.of("a", "memory"));

        queue.waitsNoMore(KIND, "a");
        assertThat(queue.waits(KIND)).isEmpty();
        assertThat(queue.waitsFor(KIND, "a", "memory")).isTrue();
    }

    /** Of the only job. */
    private int failures() {
        return sql.sql("SELECT consecutive_failures FROM scheduled_tasks")
                .query(Integer.class)
                .single();
    }

    private long waiting() {
        return sql.sql("SELECT count(*) FROM scheduled_tasks").query(Long.class).single();
    }

    private void markPicked(String id, Instant heartbeat) {
        sql.sql(
                        """
                        UPDATE scheduled_tasks
                        SET picked = true, picked_by = 'a dead one', picked_at = :since::timestamptz,
                            last_heartbeat = :heartbeat::timestamptz,
                            version = version + 1
                        WHERE task_instance = :id
                        """)
                .param("id", id)
                .param("since", NOON.toString())
                .param("heartbeat", heartbeat.toString())
                .update();
    }

    /** As if another worker of this machine had just taken it. */
    private void markTaken(String id, Instant since) {
        markPicked(id, since);
        sql.sql(
                        """
                        UPDATE scheduled_tasks
                        SET picked_by = 'manual', picked_at = :since::timestamptz
                        WHERE task_instance = :id
                        """)
                .param("since", since.toString())
                .param("id", id)
                .update();
    }

    private final class Errands implements JobHandler {

        final List<String> log = new ArrayList<>();
        boolean failing;
        @Nullable IOException away;
        boolean refusingToBeAbandoned;
        JobOutcome outcome = JobOutcome.DONE;
        Duration duration = Duration.ZERO;
        Runnable meanwhile = () -> {};

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public JobOutcome execute(String id, JobContext context) throws IOException {
            log.add(
                    "%s attempt %d on %s"
                            .formatted(id, context.attempt(), context.slot().device()));
            clock.tick(duration);
            meanwhile.run();
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
