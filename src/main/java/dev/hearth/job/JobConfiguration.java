package dev.hearth.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.Task;
import java.time.InstantSource;
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

    @Bean
    Doorbell doorbell() {
        return new Doorbell();
    }

    @Bean
    JobQueue jobQueue(
            DataSource dataSource, Doorbell doorbell, JdbcClient sql, InstantSource time) {
        var client =
                SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(dataSource))
                        .build();
        return new JobQueue(client, doorbell, sql, time);
    }

    @Bean
    JobWorkers jobWorkers(
            JobSettings settings,
            ObjectProvider<JobHandler> handlers,
            DataSource dataSource,
            TransactionOperations transactions,
            Doorbell doorbell) {
        var worker = settings.worker();
        var slots = worker.slots();
        var tasks = new JobTasks(slots, transactions);
        List<Task<?>> kinds = handlers.orderedStream().<Task<?>>map(tasks::of).toList();
        var scheduler =
                Scheduler.create(new TransactionAwareDataSourceProxy(dataSource), kinds)
                        .threads(slots.size())
                        .pollingInterval(worker.pollInterval())
                        .heartbeatInterval(worker.heartbeat())
                        .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                        .shutdownMaxWait(worker.shutdownWait())
                        .failureLogging(LogLevel.OFF, false)
                        .build();
        return new JobWorkers(scheduler, doorbell, settings.works());
    }
}
