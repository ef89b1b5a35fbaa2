package dev.hearth.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.Task;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionOperations;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(JobSettings.class)
class JobConfiguration {

    static final int MISSED_HEARTBEATS = 6;

    /** As a fraction of the workers, at most so many of which are busy when more jobs are taken. */
    private static final double AS_SOON_AS_ONE_IS_FREE = 0.999;

    private static final Duration NEVER = Duration.ofDays(36_500);

    @Bean
    ProcessRoles processRoles(JobSettings settings) {
        return new ProcessRoles(settings.answers(), settings.works());
    }

    @Bean
    Doorbell doorbell() {
        return new Doorbell();
    }

    @Bean
    JobQueue jobQueue(Doorbell doorbell, JdbcClient sql, InstantSource time) {
        return new JobQueue(doorbell, sql, time);
    }

    @Bean
    JobAccounts jobAccounts(JdbcClient sql, InstantSource time) {
        return new JobAccounts(new JobUse(sql, time), new JobReturns(sql, time));
    }

    @Bean
    JobWorkers jobWorkers(
            JobSettings settings,
            ObjectProvider<JobHandler> handlers,
            DataSource dataSource,
            TransactionOperations transactions,
            JobAccounts accounts,
            Doorbell doorbell,
            InstantSource time) {
        var worker = settings.worker();
        var pool =
                new Pool(
                        new TransactionAwareDataSourceProxy(dataSource),
                        transactions,
                        accounts,
                        worker,
                        time);
        var sharing = handlers.orderedStream().filter(one -> one.ownWorkers().isEmpty()).toList();
        var schedulers = new ArrayList<Scheduler>();
        schedulers.add(
                workers(
                        worker.slots(),
                        sharing.stream().filter(JobHandler::needsDevice).toList(),
                        pool));
        schedulers.add(
                workers(
                        worker.backgroundSlots(),
                        sharing.stream()
                                .filter(one -> !one.needsDevice() && !one.isBrief())
                                .toList(),
                        pool));
        schedulers.add(
                workers(
                        JobSettings.Worker.BRIEF_SLOTS,
                        sharing.stream()
                                .filter(one -> !one.needsDevice() && one.isBrief())
                                .toList(),
                        pool));
        handlers.orderedStream()
                .forEach(one ->
                        one.ownWorkers()
                                .ifPresent(count ->
                                        schedulers.add(
                                                workers(
                                                        WorkerSlot.of(
                                                                List.of(
                                                                        new DeviceEntry(
                                                                                "cpu", count))),
                                                        List.of(one),
                                                        pool))));
        return new JobWorkers(schedulers, doorbell, settings.works());
    }

    /** What is remembered of jobs beside their place in the queue. */
    record JobAccounts(JobUse use, JobReturns returns) {}

    /** What all workers of this process share. */
    private record Pool(
            DataSource dataSource,
            TransactionOperations transactions,
            JobAccounts accounts,
            JobSettings.Worker settings,
            InstantSource time) {}

    private static Scheduler workers(List<WorkerSlot> slots, List<JobHandler> handlers, Pool pool) {
        var tasks =
                new JobTasks(
                        slots,
                        pool.transactions(),
                        pool.accounts().use(),
                        pool.accounts().returns());
        List<Task<?>> kinds = handlers.stream().<Task<?>>map(tasks::of).toList();
        return Scheduler.create(pool.dataSource(), kinds)
                .clock(pool.time()::instant)
                .threads(slots.size())
                .jdbcCustomization(new FairPick(handlers.stream().map(JobHandler::kind).toList()))
                .pollUsingLockAndFetch(AS_SOON_AS_ONE_IS_FREE, 1)
                .pollingInterval(pool.settings().pollInterval())
                .heartbeatInterval(pool.settings().heartbeat())
                .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                .shutdownMaxWait(pool.settings().shutdownWait())
                // The kinds that a scheduler does not know are another one's, and not to be
                // deleted.
                .deleteUnresolvedAfter(NEVER)
                .failureLogging(LogLevel.OFF, false)
                .build();
    }
}
