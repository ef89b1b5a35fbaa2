package dev.hearth.train;

import dev.hearth.spec.SchedulerSpec;
import java.util.List;
import java.util.Map;

/** A scheduler at work: what {@code torch.optim.lr_scheduler} has under the same name. */
sealed interface Scheduler permits RecursiveScheduler, SequentialScheduler, PlateauScheduler {

    /** A scheduler that has made its initial step. */
    static Scheduler of(SchedulerSpec spec, List<RateGroup> groups) {
        return switch (spec) {
            case SchedulerSpec.SequentialLR sequential ->
                    new SequentialScheduler(sequential, groups);
            case SchedulerSpec.ReduceLROnPlateau plateau -> new PlateauScheduler(plateau, groups);
            case SchedulerSpec.StepLR _,
                    SchedulerSpec.MultiStepLR _,
                    SchedulerSpec.ConstantLR _,
                    SchedulerSpec.LinearLR _,
                    SchedulerSpec.ExponentialLR _,
                    SchedulerSpec.PolynomialLR _,
                    SchedulerSpec.CosineAnnealingLR _,
                    SchedulerSpec.CosineAnnealingWarmRestarts _,
                    SchedulerSpec.LambdaLR _,
                    SchedulerSpec.OneCycleLR _,
                    SchedulerSpec.CyclicLR _ ->
                    new RecursiveScheduler(spec, groups);
        };
    }

    /**
     * {@code scheduler.step()}.
     *
     * @param metrics of the epoch; empty where the scheduler goes by steps
     */
    void step(Map<String, Double> metrics);

    /** What it counts, so that a run can be continued: its own, then those of its parts. */
    void save(List<Counters> to);

    /** Takes its own counters off the beginning of the list, then its parts theirs. */
    void restore(List<Counters> from);

    /**
     * The numbers that a scheduler keeps. Each kind uses some of them; the others are 0.
     *
     * @param lastEpoch PyTorch's {@code last_epoch}: epochs or steps
     * @param sinceRestart PyTorch's {@code T_cur}
     * @param untilRestart PyTorch's {@code T_i}
     * @param best metric so far
     * @param badEpochs since the best one
     * @param cooldown epochs that are left of it
     */
    record Counters(
            long lastEpoch,
            long sinceRestart,
            long untilRestart,
            double best,
            long badEpochs,
            long cooldown) {}
}
