package dev.hearth.run;

import dev.hearth.job.JobQueue;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.time.InstantSource;
import java.util.Set;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What users do to their runs: cancel, pause, resume, try again, continue. */
@Service
class RunControl {

    private final RunTable table;
    private final RunTransitions transitions;
    private final JobQueue queue;
    private final InstantSource clock;
    private final Extension extension;

    RunControl(
            RunTable table,
            RunTransitions transitions,
            JobQueue queue,
            InstantSource clock,
            Extension extension) {
        this.table = table;
        this.transitions = transitions;
        this.queue = queue;
        this.clock = clock;
        this.extension = extension;
    }

    /** Ends a run that waits at once, and a running one after its current slice. */
    @Transactional
    public void cancel(Run run) {
        RunId id = run.id();
        if (transitions.cancelWaiting(id, clock.instant())) {
            queue.remove(RunWorker.KIND, run.job().text());
            event(id, RunEvent.Type.CANCELLED, "no worker had it");
        } else if (transitions.requestCancel(id)) {
            event(id, RunEvent.Type.CANCEL_REQUESTED, "stops after its slice");
        } else {
            throw refused(id, "cancelled", "has ended already");
        }
    }

    /** Lets a run rest: at once while it is queued, else after its current slice. */
    @Transactional
    public void pause(Run run) {
        RunId id = run.id();
        if (transitions.pauseQueued(id)) {
            queue.remove(RunWorker.KIND, run.job().text());
            event(id, RunEvent.Type.PAUSED, "rests until it is resumed");
        } else if (transitions.requestPause(id)) {
            event(id, RunEvent.Type.PAUSING, "rests after its slice, with a checkpoint");
        } else {
            throw refused(id, "paused", "is neither queued nor running");
        }
    }

    /** Queues a paused run again; it goes on where it was. */
    @Transactional
    public void resume(Run run) {
        requeue(run, Set.of(RunState.PAUSED), "resumed", "is not paused");
    }

    /** Queues a run again that failed or was cancelled; it goes on from its last checkpoint. */
    @Transactional
    public void retry(Run run) {
        extension.requireDataset(run);
        requeue(
                run,
                Set.of(RunState.FAILED, RunState.CANCELLED),
                "retried",
                "has neither failed nor been cancelled");
    }

    private void requeue(Run run, Set<RunState> from, String verb, String otherwise) {
        RunJob job =
                transitions
                        .requeue(run.id(), from)
                        .orElseThrow(() -> refused(run.id(), verb, otherwise));
        event(run.id(), RunEvent.Type.QUEUED, verb + "; waiting for a worker");
        queue.enqueue(RunWorker.KIND, job.text(), run.rank());
    }

    /** Queues a finished run again, for more epochs. */
    @Transactional
    public void extend(Run run, int more) {
        run.partOf()
                .ifPresent(part -> {
                    throw new ProblemException(
                            ProblemCode.INVALID_STATE,
                            "run %s is %s, which says how long it trains; start a run of its request with more epochs, or publish a checkpoint"
                                    .formatted(run.id(), part));
                });
        lengthen(run, more);
    }

    /** The same for what the run is a part of. */
    @Transactional
    public void lengthen(Run run, int more) {
        if (run.state() != RunState.SUCCEEDED) {
            throw refused(run.id(), "continued", "has not succeeded");
        }
        Extension.Longer longer = extension.of(run, more);
        RunJob job =
                transitions
                        .extend(
                                run.id(),
                                longer.request(),
                                run.progress().epochs(),
                                longer.epochs())
                        .orElseThrow(() ->
                                refused(run.id(), "continued", "has been continued meanwhile"));
        event(
                run.id(),
                RunEvent.Type.QUEUED,
                "continued for %d more epochs, to %d; waiting for a worker"
                        .formatted(more, longer.epochs()));
        queue.enqueue(RunWorker.KIND, job.text(), run.rank());
    }

    private ProblemException refused(RunId id, String what, String why) {
        String state = table.find(id).map(run -> run.state().text()).orElse("gone");
        return new ProblemException(
                ProblemCode.INVALID_STATE,
                "run %s %s (%s) and cannot be %s".formatted(id, why, state, what));
    }

    private void event(RunId id, RunEvent.Type type, String detail) {
        table.addEvent(id, type, detail, clock.instant());
    }
}
