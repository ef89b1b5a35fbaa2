package dev.hearth.run;

import dev.hearth.spec.CheckpointPolicy;
import dev.hearth.spec.Stopping.Mode;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which of a run's checkpoints are kept. */
record Keeping(int last, int best, String metric) {

    static Keeping of(CheckpointPolicy policy, boolean holdsOut) {
        return new Keeping(
                policy.keepLast(),
                policy.keepBest(),
                policy.metric().orElse(holdsOut ? "validation_loss" : "train_loss"));
    }

    /**
     * Those that are no longer wanted.
     *
     * @param all newest first
     */
    List<RunCheckpoint> superfluous(List<RunCheckpoint> all) {
        Set<RunCheckpoint> kept = new LinkedHashSet<>(all.subList(0, Math.min(last, all.size())));
        all.stream()
                .filter(RunCheckpoint::isBetweenEpochs)
                .filter(checkpoint -> Double.isFinite(badness(checkpoint)))
                .sorted(
                        Comparator.comparingDouble(this::badness)
                                .thenComparingInt(RunCheckpoint::number))
                .limit(best)
                .forEach(kept::add);
        return all.stream().filter(checkpoint -> !kept.contains(checkpoint)).toList();
    }

    /** Less is better; NaN where the metric is not known. */
    private double badness(RunCheckpoint checkpoint) {
        double value = checkpoint.metrics().getOrDefault(metric, Double.NaN);
        return switch (Mode.of(metric)) {
            case MIN -> value;
            case MAX -> -value;
        };
    }
}
