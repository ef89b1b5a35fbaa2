package dev.hearth.spec;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * How learning rates change in a run, with PyTorch's names, arguments and defaults.
 *
 * <p>Where PyTorch takes one value or one for each parameter group, the list has one or one for
 * each group.
 */
public sealed interface SchedulerSpec {

    /** PyTorch's class name, which is also the value of {@code "type"}. */
    default String type() {
        return getClass().getSimpleName();
    }

    /** Whether PyTorch's users call its {@code step()} after each batch, not each epoch. */
    default boolean stepsPerBatch() {
        return switch (this) {
            case OneCycleLR _, CyclicLR _ -> true;
            case SequentialLR sequential ->
                    sequential.schedulers().stream().anyMatch(SchedulerSpec::stepsPerBatch);
            case StepLR _,
                    MultiStepLR _,
                    ConstantLR _,
                    LinearLR _,
                    ExponentialLR _,
                    PolynomialLR _,
                    CosineAnnealingLR _,
                    CosineAnnealingWarmRestarts _,
                    LambdaLR _,
                    ReduceLROnPlateau _ ->
                    false;
        };
    }

    /** Whether it changes the momentum, or the first of the betas, too. */
    default boolean cyclesMomentum() {
        return switch (this) {
            case OneCycleLR oneCycle -> oneCycle.momentum().isPresent();
            case CyclicLR cyclic -> cyclic.momentum().isPresent();
            case SequentialLR sequential ->
                    sequential.schedulers().stream().anyMatch(SchedulerSpec::cyclesMomentum);
            case StepLR _,
                    MultiStepLR _,
                    ConstantLR _,
                    LinearLR _,
                    ExponentialLR _,
                    PolynomialLR _,
                    CosineAnnealingLR _,
                    CosineAnnealingWarmRestarts _,
                    LambdaLR _,
                    ReduceLROnPlateau _ ->
                    false;
        };
    }

    /**
     * The same with all that depends on the length of the run.
     *
     * @param length how many times the scheduler's {@code step()} is called
     */
    default SchedulerSpec resolved(long length) {
        return switch (this) {
            case OneCycleLR oneCycle -> oneCycle.withTotalSteps(length);
            case SequentialLR sequential -> sequential.withParts(length);
            case StepLR _,
                    MultiStepLR _,
                    ConstantLR _,
                    LinearLR _,
                    ExponentialLR _,
                    PolynomialLR _,
                    CosineAnnealingLR _,
                    CosineAnnealingWarmRestarts _,
                    LambdaLR _,
                    CyclicLR _,
                    ReduceLROnPlateau _ ->
                    this;
        };
    }

    /** Whether there is no rate after as many epochs, or steps, as the run has now. */
    default boolean isMadeForItsLength() {
        return switch (this) {
            case OneCycleLR oneCycle -> oneCycle.totalSteps().isEmpty();
            case SequentialLR sequential ->
                    sequential.schedulers().stream().anyMatch(OneCycleLR.class::isInstance);
            case StepLR _,
                    MultiStepLR _,
                    ConstantLR _,
                    LinearLR _,
                    ExponentialLR _,
                    PolynomialLR _,
                    CosineAnnealingLR _,
                    CosineAnnealingWarmRestarts _,
                    LambdaLR _,
                    CyclicLR _,
                    ReduceLROnPlateau _ ->
                    false;
        };
    }

    record StepLR(long stepSize, double gamma) implements SchedulerSpec {}

    /**
     * @param milestones in any order; one that is listed twice counts twice
     */
    record MultiStepLR(List<Long> milestones, double gamma) implements SchedulerSpec {
        public MultiStepLR {
            milestones = List.copyOf(milestones);
        }
    }

    record ConstantLR(double factor, long totalIters) implements SchedulerSpec {}

    record LinearLR(double startFactor, double endFactor, long totalIters)
            implements SchedulerSpec {}

    record ExponentialLR(double gamma) implements SchedulerSpec {}

    record PolynomialLR(long totalIters, double power) implements SchedulerSpec {}

    record CosineAnnealingLR(long tMax, double etaMin) implements SchedulerSpec {}

    record CosineAnnealingWarmRestarts(long t0, long tMult, double etaMin)
            implements SchedulerSpec {}

    /**
     * PyTorch's {@code LambdaLR}, with the function written as a table.
     *
     * @param factors of the first learning rate, for epoch (or step) 0, 1, …; the last one holds on
     */
    record LambdaLR(List<Double> factors) implements SchedulerSpec {
        public LambdaLR {
            factors = List.copyOf(factors);
        }
    }

    /** The momentum's way between two values, or that of the first of the betas. */
    record MomentumCycle(double base, double max) {}

    /**
     * @param totalSteps empty for the steps of the run
     * @param momentum empty for {@code cycle_momentum} false
     */
    record OneCycleLR(
            List<Double> maxLr,
            OptionalLong totalSteps,
            double pctStart,
            Anneal annealStrategy,
            Optional<MomentumCycle> momentum,
            double divFactor,
            double finalDivFactor,
            boolean threePhase)
            implements SchedulerSpec {
        public OneCycleLR {
            maxLr = List.copyOf(maxLr);
        }

        private OneCycleLR withTotalSteps(long length) {
            return new OneCycleLR(
                    maxLr,
                    totalSteps.isPresent() ? totalSteps : OptionalLong.of(length),
                    pctStart,
                    annealStrategy,
                    momentum,
                    divFactor,
                    finalDivFactor,
                    threePhase);
        }

        /** The step, counted from 0, at which each of the phases ends. */
        public double[] phaseEnds(long steps) {
            return threePhase
                    ? new double[] {
                        pctStart * steps - 1, 2 * pctStart * steps - 2, (double) (steps - 1)
                    }
                    : new double[] {pctStart * steps - 1, (double) (steps - 1)};
        }
    }

    enum Anneal {
        COS,
        LINEAR
    }

    /**
     * @param momentum empty for {@code cycle_momentum} false
     */
    record CyclicLR(
            List<Double> baseLr,
            List<Double> maxLr,
            long stepSizeUp,
            OptionalLong stepSizeDown,
            Cycle mode,
            double gamma,
            Optional<MomentumCycle> momentum)
            implements SchedulerSpec {
        public CyclicLR {
            baseLr = List.copyOf(baseLr);
            maxLr = List.copyOf(maxLr);
        }
    }

    enum Cycle {
        TRIANGULAR,
        TRIANGULAR2,
        EXP_RANGE
    }

    /**
     * @param metric by its name in an epoch's metrics, such as {@code validation_loss}
     */
    record ReduceLROnPlateau(
            String metric,
            Mode mode,
            double factor,
            long patience,
            double threshold,
            ThresholdMode thresholdMode,
            long cooldown,
            List<Double> minLr,
            double eps)
            implements SchedulerSpec {
        public ReduceLROnPlateau {
            minLr = List.copyOf(minLr);
        }
    }

    enum Mode {
        MIN,
        MAX
    }

    enum ThresholdMode {
        REL,
        ABS
    }

    /**
     * One scheduler after the other.
     *
     * @param milestones where the next one begins; one less than there are schedulers
     */
    record SequentialLR(List<SchedulerSpec> schedulers, List<Long> milestones)
            implements SchedulerSpec {
        public SequentialLR {
            schedulers = List.copyOf(schedulers);
            milestones = List.copyOf(milestones);
            if (milestones.size() != schedulers.size() - 1) {
                throw new IllegalArgumentException("one milestone between two schedulers");
            }
        }

        private SequentialLR withParts(long length) {
            return new SequentialLR(
                    IntStream.range(0, schedulers.size())
                            .mapToObj(i -> schedulers.get(i).resolved(partLength(i, length)))
                            .toList(),
                    milestones);
        }

        /** How many of the steps belong to a part; at least 1. */
        long partLength(int part, long length) {
            long begin = part == 0 ? 0 : milestones.get(part - 1);
            long end = part < milestones.size() ? milestones.get(part) : length;
            return Math.max(1, Math.min(end, length) - begin);
        }
    }
}
