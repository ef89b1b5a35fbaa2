package dev.hearth.sweep;

import dev.hearth.run.RunState;
import java.util.Locale;

/** How a trial is seen: as its run is, or as the sweep has decided. */
enum TrialState {
    /** For its run to be started, or to go on. */
    WAITING,
    QUEUED,
    /** A worker has its run, or it rests because a user has paused it. */
    RUNNING,
    SUCCEEDED,
    /** It has trained, and others were let go on. */
    STOPPED,
    FAILED,
    CANCELLED;

    /** As in JSON. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static TrialState of(RunGroup group, Trial trial) {
        boolean isDue = trial.isDue(group);
        if (isDue && trial.run().isEmpty()) {
            return group.isRunning() ? WAITING : CANCELLED;
        }
        RunState state = trial.run().orElseThrow().state();
        return switch (state) {
            case QUEUED -> QUEUED;
            case PREPARING, RUNNING, PAUSING, PAUSED -> RUNNING;
            case FAILED -> FAILED;
            case CANCELLED -> CANCELLED;
            case SUCCEEDED ->
                    isDue
                            ? group.isRunning() ? WAITING : CANCELLED
                            : trial.member().rung() < group.progress().rung() ? STOPPED : SUCCEEDED;
        };
    }
}
