package dev.hearth.train;

import dev.hearth.spec.OptimizationSpec.Interval;
import dev.hearth.spec.OptimizationSpec.Schedule;
import dev.hearth.spec.OptimizerSpec;
import dev.hearth.torchscript.OptimizerStateDict.GroupRates;
import dev.hearth.torchscript.StepRates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The learning rate of each parameter group in the course of a run, and its momentum where a
 * schedule cycles it: the very doubles that PyTorch's schedulers compute.
 */
public final class LearningRates {

    private final List<RateGroup> groups;
    private final Optional<Scheduler> scheduler;
    private final Interval interval;
    private final boolean cyclesMomentum;
    private double used;

    /**
     * Everything that changes in the course of a run, so that it can be continued.
     *
     * @param lr of each group
     * @param momentum of each group
     * @param used by the last step
     */
    public record State(
            List<Double> lr,
            List<Double> momentum,
            double used,
            List<Scheduler.Counters> counters) {
        public State {
            lr = List.copyOf(lr);
            momentum = List.copyOf(momentum);
            counters = List.copyOf(counters);
        }
    }

    /**
     * @param optimizers of the parameter groups, in order
     * @param updates in the whole run: steps of the optimiser
     */
    public LearningRates(
            Optional<Schedule> schedule, List<OptimizerSpec> optimizers, int epochs, long updates) {
        this.groups = optimizers.stream().map(RateGroup::new).toList();
        this.interval = schedule.map(Schedule::interval).orElse(Interval.EPOCH);
        long length = interval == Interval.EPOCH ? epochs : updates;
        this.cyclesMomentum = schedule.filter(s -> s.scheduler().cyclesMomentum()).isPresent();
        this.scheduler = schedule.map(s -> Scheduler.of(s.scheduler().resolved(length), groups));
        this.used = groups.getLast().lr;
    }

    /** The rates of the next steps of the optimiser; with this, those steps are done. */
    public StepRates next(int updates) {
        if (interval == Interval.EPOCH || scheduler.isEmpty()) {
            used = groups.getLast().lr;
            return rates();
        }
        var rows = new ArrayList<StepRates>();
        for (int i = 0; i < updates; i++) {
            used = groups.getLast().lr;
            rows.add(rates());
            scheduler.get().step(Map.of());
        }
        return StepRates.joined(rows);
    }

    /**
     * @param metrics of the epoch that has ended, by name
     */
    public void epochEnded(Map<String, Double> metrics) {
        if (interval == Interval.EPOCH) {
            scheduler.ifPresent(s -> s.step(metrics));
        }
    }

    /** The rate of the last step that was done, of the parameters without a group of their own. */
    double lastUsed() {
        return used;
    }

    /** As they are now: what the next step of the optimiser would take. */
    StepRates rates() {
        int columns = StepRates.columns(cyclesMomentum);
        var values = new double[groups.size() * columns];
        for (int i = 0; i < groups.size(); i++) {
            values[i * columns] = groups.get(i).lr;
            if (cyclesMomentum) {
                values[i * columns + 1] = groups.get(i).momentum;
            }
        }
        return new StepRates(1, values);
    }

    /** The groups as they are now, for the optimiser's file. */
    public List<GroupRates> groups() {
        return groups.stream()
                .map(group ->
                        new GroupRates(
                                group.lr,
                                cyclesMomentum
                                        ? OptionalDouble.of(group.momentum)
                                        : OptionalDouble.empty(),
                                group.notes()))
                .toList();
    }

    public State state() {
        var counters = new ArrayList<Scheduler.Counters>();
        scheduler.ifPresent(s -> s.save(counters));
        return new State(
                groups.stream().map(group -> group.lr).toList(),
                groups.stream().map(group -> group.momentum).toList(),
                used,
                counters);
    }

    /** Continues from where another one of the same specification was. */
    public void restore(State state) {
        for (int i = 0; i < groups.size(); i++) {
            groups.get(i).lr = state.lr().get(i);
            groups.get(i).momentum = state.momentum().get(i);
        }
        used = state.used();
        var counters = new ArrayList<>(state.counters());
        scheduler.ifPresent(s -> s.restore(counters));
    }
}
