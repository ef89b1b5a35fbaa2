package dev.hearth.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import java.util.List;
import java.util.concurrent.Executors;
import org.springframework.context.SmartLifecycle;

/**
 * This process's workers: started when everything else is, and stopped first, so that a job that
 * hands itself back still finds all that it needs.
 */
final class JobWorkers implements SmartLifecycle {

    private final List<Scheduler> schedulers;
    private final Doorbell doorbell;
    private final boolean wanted;
    private volatile boolean running;

    /**
     * @param schedulers each with workers of its own
     * @param wanted false in a process that only answers requests: nothing is started
     */
    JobWorkers(List<Scheduler> schedulers, Doorbell doorbell, boolean wanted) {
        this.schedulers = List.copyOf(schedulers);
        this.doorbell = doorbell;
        this.wanted = wanted;
    }

    @Override
    public boolean isAutoStartup() {
        return wanted;
    }

    @Override
    public void start() {
        schedulers.forEach(Scheduler::start);
        doorbell.answerWith(() -> schedulers.forEach(Scheduler::triggerCheckForDueExecutions));
        running = true;
    }

    @Override
    public void stop() {
        doorbell.answerWith(() -> {});
        // All at once: each waits for its jobs to hand themselves back.
        try (var stops = Executors.newVirtualThreadPerTaskExecutor()) {
            schedulers.forEach(scheduler -> stops.execute(scheduler::stop));
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
