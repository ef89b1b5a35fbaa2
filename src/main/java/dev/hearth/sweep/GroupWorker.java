package dev.hearth.sweep;

import dev.hearth.job.JobContext;
import dev.hearth.job.JobHandler;
import dev.hearth.job.JobOutcome;
import dev.hearth.job.JobQueue;
import dev.hearth.run.RunHappened;
import java.util.UUID;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Brings a group on whenever one of its runs has ended. The job is enqueued in the transaction that
 * ends the run, so that none is forgotten.
 */
@Component
class GroupWorker implements JobHandler {

    static final String KIND = "run_group";

    private static final char SEPARATOR = ':';

    private final GroupProgress progress;
    private final JobQueue queue;

    GroupWorker(GroupProgress progress, JobQueue queue) {
        this.progress = progress;
        this.queue = queue;
    }

    /** A job of its own for each end: one that is being done may have looked before this one. */
    @EventListener
    void happened(RunHappened event) {
        if (event.isEnd()) {
            event.partOf()
                    .ifPresent(part ->
                            queue.enqueue(
                                    KIND, part.id().toString() + SEPARATOR + UUID.randomUUID()));
        }
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public boolean needsDevice() {
        return false;
    }

    @Override
    public boolean isBrief() {
        return true;
    }

    @Override
    public JobOutcome execute(String id, JobContext context) {
        progress.advance(group(id));
        return JobOutcome.DONE;
    }

    @Override
    public void abandoned(String id, String reason) {
        progress.fail(group(id), "it could not go on: " + reason);
    }

    private static UUID group(String id) {
        return UUID.fromString(id.substring(0, id.indexOf(SEPARATOR)));
    }
}
