package dev.hearth.sweep;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.EnumMap;
import java.util.List;

/**
 * How many runs of a group are in which state.
 *
 * @param waiting not queued yet, or to go on
 * @param running also those that a user has paused
 * @param stopped not among the best of their rung
 */
@Schema(name = "RunCounts")
record RunCounts(
        int total,
        int waiting,
        int queued,
        int running,
        int succeeded,
        int stopped,
        int failed,
        int cancelled) {

    static RunCounts of(RunGroup group, List<Trial> trials) {
        var counts = new EnumMap<TrialState, Integer>(TrialState.class);
        trials.forEach(trial -> counts.merge(TrialState.of(group, trial), 1, Integer::sum));
        return new RunCounts(
                trials.size(),
                counts.getOrDefault(TrialState.WAITING, 0),
                counts.getOrDefault(TrialState.QUEUED, 0),
                counts.getOrDefault(TrialState.RUNNING, 0),
                counts.getOrDefault(TrialState.SUCCEEDED, 0),
                counts.getOrDefault(TrialState.STOPPED, 0),
                counts.getOrDefault(TrialState.FAILED, 0),
                counts.getOrDefault(TrialState.CANCELLED, 0));
    }
}
