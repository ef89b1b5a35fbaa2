package dev.hearth.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import org.springframework.context.SmartLifecycle;

/**
 * This process's workers: started when everything else is, and stopped first, so that a job that
 * hands itself back still finds all that it needs.
 */
final class JobWorkers implements SmartLifecycle {

    private final Scheduler scheduler;
    private final Doorbell doorbell;
    private final boolean wanted;
    private volatile boolean running;

    /**
     * @param wanted false in a process that only answers requests: nothing is started
     */
    JobWorkers(Scheduler scheduler, Doorbell doorbell, boolean wanted) {
        this.scheduler = scheduler;
        this.doorbell = doorbell;
        this.wanted = wanted;
    }

    @Override
    public boolean isAutoStartup() {
        return wanted;
    }

    @Override
    public void start() {
        scheduler.start();
        doorbell.answerWith(scheduler::triggerCheckForDueExecutions);
        running = true;
    }

    @Override
    public void stop() {
        doorbell.answerWith(() -> {});
        scheduler.stop();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
