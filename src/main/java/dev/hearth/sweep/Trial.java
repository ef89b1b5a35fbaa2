package dev.hearth.sweep;

import dev.hearth.run.RunPart;
import dev.hearth.run.RunState;
import java.util.Optional;

/**
 * A member of a group, and its run.
 *
 * @param run empty before it is started
 */
record Trial(Member member, Optional<RunPart> run) {

    int number() {
        return member.number();
    }

    /** Whether a worker has its run, or will. */
    boolean isActive() {
        return run.filter(part -> !part.state().isFinal()).isPresent();
    }

    boolean hasSucceeded() {
        return run.filter(part -> part.state() == RunState.SUCCEEDED).isPresent();
    }

    /** Whether its run is to be started, or to go on. */
    boolean isDue(RunGroup group) {
        return run.map(part -> hasSucceeded() && part.epochs() < epochs(group, part.epochs()))
                .orElse(true);
    }

    /** How many epochs its run is to have. */
    int epochs(RunGroup group, int otherwise) {
        return group.rules()
                .halving()
                .map(halving -> halving.epochs().get(member.rung()))
                .orElse(otherwise);
    }

    /** Of its run's result, or of its last epoch so far; NaN where it has none. */
    double value(Goal goal) {
        return run.map(part -> part.metrics().getOrDefault(goal.metric(), Double.NaN))
                .orElse(Double.NaN);
    }
}
