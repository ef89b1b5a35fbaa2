package dev.hearth.sweep;

import dev.hearth.http.Owner;
import dev.hearth.run.PartOf;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Runs that belong together: a sweep's trials, or a cross-validation's folds.
 *
 * @param owner whose it is, and its runs
 * @param name of the model
 * @param request as it was sent
 * @param run what all runs have in common, as {@code POST /v1/runs} takes it
 */
record RunGroup(
        UUID id,
        PartOf.Kind kind,
        Owner owner,
        String name,
        String request,
        String run,
        Rules rules,
        Progress progress) {

    /**
     * How it goes about it.
     *
     * @param parallelism how many of its runs at most are queued or running
     * @param goal what the best is; empty where there is none
     * @param halving empty where every run trains to its end
     */
    record Rules(int parallelism, Optional<Goal> goal, Optional<Halving> halving) {}

    /**
     * How far it is.
     *
     * @param rung of successive halving, from 0
     * @param best the member whose model is published
     * @param modelVersion what was published
     * @param problem why it failed
     */
    record Progress(
            GroupState state,
            boolean cancelRequested,
            int rung,
            OptionalInt best,
            OptionalInt modelVersion,
            Optional<String> problem,
            Instant created,
            Optional<Instant> finished) {

        static Progress begin(Instant now) {
            return new Progress(
                    GroupState.RUNNING,
                    false,
                    0,
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    Optional.empty(),
                    now,
                    Optional.empty());
        }
    }

    boolean isRunning() {
        return progress.state() == GroupState.RUNNING;
    }

    /** Such as {@code sweep 0b6e…}. */
    @Override
    public String toString() {
        return kind.words() + " " + id;
    }
}
