package dev.hearth.train;

import dev.hearth.spec.Stopping;
import dev.hearth.torchscript.ProgramState;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The best epoch so far, and for how long there has been no better one. */
public final class Improvement {

    private final Stopping.Early rule;
    private State state;

    /**
     * What it keeps.
     *
     * @param value of the metric in the best epoch
     * @param epoch the best one; 0 before there is one
     * @param badEpochs since then
     * @param kept of the best epoch, where the run goes back to it
     */
    public record State(double value, int epoch, int badEpochs, Optional<Kept> kept) {
        State patient() {
            return new State(value, epoch, 0, kept);
        }
    }

    /** A program and its schedule as they were. */
    public record Kept(ProgramState program, LearningRates.State rates) {}

    Improvement(Stopping.Early rule) {
        this.rule = rule;
        this.state = new State(rule.worst(), 0, 0, Optional.empty());
    }

    State state() {
        return state;
    }

    void restore(State saved) {
        state = saved;
    }

    /**
     * @param metrics of the epoch, by name
     * @param now asked only where it is to be kept
     */
    void epochEnded(int epoch, Map<String, Double> metrics, Supplier<Kept> now) {
        double value = metrics.getOrDefault(rule.metric(), Double.NaN);
        state =
                rule.isBetter(value, state.value())
                        ? new State(
                                value,
                                epoch,
                                0,
                                rule.restoreBest() ? Optional.of(now.get()) : Optional.empty())
                        : new State(
                                state.value(), state.epoch(), state.badEpochs() + 1, state.kept());
    }

    boolean isOver() {
        return state.badEpochs() >= rule.patience();
    }

    /** Why the run ends, in a sentence's words. */
    String reason() {
        return state.epoch() == 0
                ? "%s was no number in any epoch".formatted(rule.metric())
                : "%s has not improved for %d epochs; its best, %s, was that of epoch %d"
                        .formatted(rule.metric(), state.badEpochs(), state.value(), state.epoch());
    }
}
