package dev.hearth.sweep;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Trials that have succeeded, best first. One that was let train for longer is before those that
 * were not; of two that are as good, the one with the lower number is first. A trial whose metric
 * is no number has no rank.
 */
record Ranking(List<Trial> trials) {

    Ranking {
        trials = List.copyOf(trials);
    }

    static Ranking of(Goal goal, List<Trial> trials) {
        return new Ranking(
                trials.stream()
                        .filter(Trial::hasSucceeded)
                        .filter(trial -> Double.isFinite(trial.value(goal)))
                        .sorted(
                                Comparator.comparingInt((Trial trial) -> -trial.member().rung())
                                        .thenComparingDouble(
                                                trial -> goal.badness(trial.value(goal)))
                                        .thenComparingInt(Trial::number))
                        .toList());
    }

    /** From 1; empty for a trial that has none. */
    OptionalInt rank(Trial trial) {
        return IntStream.range(0, trials.size())
                .filter(place -> trials.get(place).number() == trial.number())
                .map(place -> place + 1)
                .findFirst();
    }
}
