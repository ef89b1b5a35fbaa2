package dev.hearth.job;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.hearth.problem.Passing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;

/**
 * What db-scheduler does with a job: lend it a slot, run its handler, and decide what comes next.
 */
final class JobTasks {

    static final int MAX_ATTEMPTS = 3;

    private static final Logger log = LoggerFactory.getLogger(JobTasks.class);

    /**
     * Times the number of failures so far, since what made a job fail may be over by then. Not
     * after a death: that is noticed a minute later, so there is no hurry to be slowed down.
     */
    private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

    private final LinkedBlockingQueue<WorkerSlot> freeSlots;
    private final TransactionOperations transactions;
    private final JobUse use;
    private final JobReturns returns;

    JobTasks(
            List<WorkerSlot> slots,
            TransactionOperations transactions,
            JobUse use,
            JobReturns returns) {
        this.freeSlots = new LinkedBlockingQueue<>(slots);
        this.transactions = transactions;
        this.use = use;
        this.returns = returns;
    }

    Task<Void> of(JobHandler handler) {
        return Tasks.custom(handler.kind(), Void.class)
                .onFailure((complete, operations) -> failed(handler, complete, operations))
                .onDeadExecution((complete, operations) -> died(handler, complete, operations))
                .execute((instance, context) -> execute(handler, instance, context));
    }

    private CompletionHandler<Void> execute(
            JobHandler handler, TaskInstance<Void> instance, ExecutionContext context) {
        var attempt = context.getExecution().consecutiveFailures + 1;
        try {
            var outcome =
                    inASlot(slot ->
                            handler.execute(
                                    instance.getId(),
                                    new JobContext(slot, attempt, () -> stopping(context))));
            return switch (outcome) {
                case DONE -> (_, operations) -> operations.remove();
                case HANDED_BACK -> givenBack(context, returns::handedBack);
                case NO_ROOM -> givenBack(context, returns::withoutRoom);
            };
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            if (stopping(context)) {
                log.info("Job {} was cut short by the shutdown", instance, e);
                return givenBack(context, returns::handedBack);
            }
            if (Passing.explains(e)) {
                // As often as it takes: it is no fault of the job's that the storage is away.
                log.warn("Job {} waits for what it needs and is tried again later", instance, e);
                return givenBack(context, returns::withoutStorage);
            }
            throw new JobFailedException(e);
        } finally {
            if (handler.needsDevice()) {
                use.ended(handler.kind(), instance.getId());
            }
        }
    }

    @FunctionalInterface
    private interface SlotUse {
        JobOutcome with(WorkerSlot slot) throws Exception;
    }

    /** There are as many slots as threads, so one is free. */
    private JobOutcome inASlot(SlotUse use) throws Exception {
        var slot = freeSlots.take();
        try {
            return use.with(slot);
        } finally {
            freeSlots.add(slot);
        }
    }

    private static boolean stopping(ExecutionContext context) {
        return context.getSchedulerState().isShuttingDown();
    }

    private static CompletionHandler<Void> givenBack(
            ExecutionContext context, Consumer<Execution> how) {
        return (_, _) -> how.accept(context.getExecution());
    }

    private void failed(
            JobHandler handler, ExecutionComplete complete, ExecutionOperations<Void> operations) {
        var cause = complete.getCause();
        log.error("Job {} failed", complete.getExecution().taskInstance, cause.orElse(null));
        var failures = complete.getExecution().consecutiveFailures + 1;
        var later = complete.getTimeDone().plus(RETRY_DELAY.multipliedBy(failures));
        retryOrAbandon(handler, complete, operations, new Next(later, "it failed unexpectedly"));
    }

    private void died(
            JobHandler handler, ExecutionComplete complete, ExecutionOperations<Void> operations) {
        var execution = complete.getExecution();
        log.warn("Job {} stopped without a word", execution.taskInstance);
        if (handler.needsDevice()) {
            use.ended(handler.kind(), execution.taskInstance.getId(), execution.lastHeartbeat);
        }
        var place = execution.executionTime;
        retryOrAbandon(handler, complete, operations, new Next(place, "its worker died"));
    }

    /**
     * What comes after an execution that did not end well.
     *
     * @param place in the queue, if it is tried again
     * @param what happened
     */
    private record Next(Instant place, String what) {}

    private void retryOrAbandon(
            JobHandler handler,
            ExecutionComplete complete,
            ExecutionOperations<Void> operations,
            Next next) {
        var execution = complete.getExecution();
        var failures = execution.consecutiveFailures + 1;
        if (failures < MAX_ATTEMPTS) {
            operations.reschedule(complete, next.place());
            return;
        }
        var reason = "tried %d times; the last time %s".formatted(failures, next.what());
        transactions.executeWithoutResult(_ -> {
            handler.abandoned(execution.taskInstance.getId(), reason);
            operations.remove();
        });
    }

    /** Carries a checked exception out of a handler. */
    private static final class JobFailedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        JobFailedException(Exception cause) {
            super(cause);
        }
    }
}
