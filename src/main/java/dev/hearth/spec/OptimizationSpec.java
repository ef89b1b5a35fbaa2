package dev.hearth.spec;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * All that happens between a loss and the next values of the parameters.
 *
 * @param optimizer with the arguments of all parameters that are in no group of their own
 * @param groups in order; a parameter belongs to the first that matches its name
 * @param freeze patterns of parameters that are left as they are
 */
public record OptimizationSpec(
        OptimizerSpec optimizer,
        List<ParameterGroup> groups,
        List<NamePattern> freeze,
        Gradients gradients,
        Optional<Schedule> scheduler,
        Optional<Ema> ema) {

    public OptimizationSpec {
        groups = List.copyOf(groups);
        freeze = List.copyOf(freeze);
    }

    /** An optimiser and nothing else. */
    public static OptimizationSpec of(OptimizerSpec optimizer) {
        return new OptimizationSpec(
                optimizer,
                List.of(),
                List.of(),
                Gradients.PLAIN,
                Optional.empty(),
                Optional.empty());
    }

    /**
     * What is done to gradients before a step.
     *
     * @param accumulate mini-batches for each step
     * @param clipNorm done before {@code clipValue}
     * @param clipValue each element is brought within ± this
     */
    public record Gradients(int accumulate, Optional<ClipNorm> clipNorm, OptionalDouble clipValue) {
        public static final Gradients PLAIN =
                new Gradients(1, Optional.empty(), OptionalDouble.empty());
    }

    /**
     * @param normType 2 for Euclid's; infinite for the largest absolute value
     */
    public record ClipNorm(double maxNorm, double normType) {}

    /** A scheduler, and when its {@code step()} is called. */
    public record Schedule(SchedulerSpec scheduler, Interval interval) {}

    public enum Interval {
        EPOCH,
        /** Of the optimiser. */
        STEP
    }

    /**
     * An exponential moving average of the parameters, which evaluation and the model then use.
     *
     * @param startStep how many steps of the optimiser pass before the first is averaged
     */
    public record Ema(double decay, long startStep) {}
}
