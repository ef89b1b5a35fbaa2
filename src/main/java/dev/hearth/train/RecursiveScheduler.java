package dev.hearth.train;

import dev.hearth.spec.SchedulerSpec;
import dev.hearth.spec.SchedulerSpec.MomentumCycle;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The schedulers that make the next rate of the one before it, or of how far the run is. Formulas
 * are those of {@code get_lr} in {@code torch/optim/lr_scheduler.py}, operation by operation, since
 * the closed forms differ in the last bits.
 */
final class RecursiveScheduler implements Scheduler {

    private final SchedulerSpec spec;
    private final List<RateGroup> groups;

    /** The rates that schedules begin with, one for each group. */
    private final double[] baseLrs;

    private long lastEpoch = -1;
    private long sinceRestart = -1;
    private long untilRestart;

    RecursiveScheduler(SchedulerSpec spec, List<RateGroup> groups) {
        this.spec = spec;
        this.groups = groups;
        this.baseLrs = new double[groups.size()];
        for (int i = 0; i < baseLrs.length; i++) {
            attach(i);
            if (Double.isNaN(groups.get(i).initialLr)) {
                groups.get(i).initialLr = groups.get(i).lr;
            }
            baseLrs[i] = groups.get(i).initialLr;
        }
        if (spec instanceof SchedulerSpec.CosineAnnealingWarmRestarts restarts) {
            untilRestart = restarts.t0();
        }
        step();
        if (spec instanceof SchedulerSpec.CyclicLR cyclic) {
            for (int i = 0; i < baseLrs.length; i++) {
                baseLrs[i] = ofGroup(cyclic.baseLr(), i);
            }
        }
    }

    /** What a scheduler's constructor writes into a group before its first step. */
    private void attach(int i) {
        RateGroup group = groups.get(i);
        if (spec instanceof SchedulerSpec.OneCycleLR oneCycle) {
            group.maxLr = ofGroup(oneCycle.maxLr(), i);
            group.initialLr = group.maxLr / oneCycle.divFactor();
            group.minLr = group.initialLr / oneCycle.finalDivFactor();
            oneCycle.momentum().ifPresent(cycle -> attach(group, cycle));
        } else if (spec instanceof SchedulerSpec.CyclicLR cyclic) {
            group.lr = ofGroup(cyclic.baseLr(), i);
            cyclic.momentum().ifPresent(cycle -> attach(group, cycle));
        }
    }

    private static void attach(RateGroup group, MomentumCycle cycle) {
        group.momentum = cycle.max();
        group.maxMomentum = cycle.max();
        group.baseMomentum = cycle.base();
    }

    static double ofGroup(List<Double> values, int group) {
        return values.size() == 1 ? values.getFirst() : values.get(group);
    }

    @Override
    public void step(Map<String, Double> metrics) {
        step();
    }

    private void step() {
        lastEpoch++;
        sinceRestart++;
        if (spec instanceof SchedulerSpec.CosineAnnealingWarmRestarts restarts
                && sinceRestart >= untilRestart) {
            sinceRestart -= untilRestart;
            untilRestart *= restarts.tMult();
        }
        for (int i = 0; i < baseLrs.length; i++) {
            groups.get(i).lr = rate(i);
        }
    }

    /** {@code step(0)}: in a sequence, the scheduler's turn begins. */
    void restart() {
        lastEpoch = 0;
        sinceRestart = 0;
        if (spec instanceof SchedulerSpec.CosineAnnealingWarmRestarts restarts) {
            untilRestart = restarts.t0();
        }
        for (int i = 0; i < baseLrs.length; i++) {
            groups.get(i).lr = firstRate(i);
        }
    }

    /** Takes the initial step back, but for what it did to the groups. */
    void undo() {
        lastEpoch--;
        sinceRestart--;
    }

    private double rate(int i) {
        RateGroup group = groups.get(i);
        return switch (spec) {
            case SchedulerSpec.StepLR(long size, double gamma) ->
                    lastEpoch == 0 || lastEpoch % size != 0 ? group.lr : group.lr * gamma;
            case SchedulerSpec.MultiStepLR(List<Long> milestones, double gamma) -> {
                long count = milestones.stream().filter(m -> m == lastEpoch).count();
                yield count == 0 ? group.lr : group.lr * CMath.pow(gamma, (double) count);
            }
            case SchedulerSpec.ConstantLR(double factor, long totalIters) ->
                    lastEpoch == 0
                            ? group.lr * factor
                            : lastEpoch == totalIters ? group.lr * (1.0 / factor) : group.lr;
            case SchedulerSpec.LinearLR linear -> linear(linear, group.lr);
            case SchedulerSpec.ExponentialLR(double gamma) ->
                    lastEpoch == 0 ? group.lr : group.lr * gamma;
            case SchedulerSpec.PolynomialLR polynomial -> polynomial(polynomial, group.lr);
            case SchedulerSpec.CosineAnnealingLR cosine -> cosine(cosine, group.lr, baseLrs[i]);
            case SchedulerSpec.CosineAnnealingWarmRestarts restarts ->
                    restarts.etaMin()
                            + (baseLrs[i] - restarts.etaMin())
                                    * (1 + CMath.cos(Math.PI * sinceRestart / untilRestart))
                                    / 2;
            case SchedulerSpec.LambdaLR(List<Double> factors) ->
                    baseLrs[i] * factors.get((int) Math.min(lastEpoch, factors.size() - 1));
            case SchedulerSpec.OneCycleLR oneCycle -> oneCycle(oneCycle, group);
            case SchedulerSpec.CyclicLR cyclic -> cyclic(cyclic, group, i);
            case SchedulerSpec.ReduceLROnPlateau _, SchedulerSpec.SequentialLR _ ->
                    throw new IllegalStateException(spec.type());
        };
    }

    /** PyTorch's {@code _get_closed_form_lr} at 0 where there is one, else {@code get_lr}. */
    private double firstRate(int i) {
        double base = baseLrs[i];
        return switch (spec) {
            case SchedulerSpec.StepLR _,
                    SchedulerSpec.MultiStepLR _,
                    SchedulerSpec.ExponentialLR _,
                    SchedulerSpec.PolynomialLR _ ->
                    base;
            case SchedulerSpec.ConstantLR(double factor, _) -> base * factor;
            case SchedulerSpec.LinearLR(double start, double end, long totalIters) ->
                    base * (start + (end - start) * 0 / totalIters);
            case SchedulerSpec.CosineAnnealingLR(_, double etaMin) ->
                    etaMin + (base - etaMin) * (1 + CMath.cos(0)) / 2;
            case SchedulerSpec.CosineAnnealingWarmRestarts _,
                    SchedulerSpec.LambdaLR _,
                    SchedulerSpec.OneCycleLR _,
                    SchedulerSpec.CyclicLR _,
                    SchedulerSpec.ReduceLROnPlateau _,
                    SchedulerSpec.SequentialLR _ ->
                    rate(i);
        };
    }

    private double linear(SchedulerSpec.LinearLR linear, double lr) {
        double start = linear.startFactor();
        double end = linear.endFactor();
        if (lastEpoch == 0) {
            return lr * start;
        }
        if (lastEpoch > linear.totalIters()) {
            return lr;
        }
        return lr
                * (1.0
                        + (end - start)
                                / (linear.totalIters() * start + (lastEpoch - 1) * (end - start)));
    }

    private double polynomial(SchedulerSpec.PolynomialLR polynomial, double lr) {
        double total = polynomial.totalIters();
        if (lastEpoch == 0 || lastEpoch > total) {
            return lr;
        }
        double decay = (1.0 - lastEpoch / total) / (1.0 - (lastEpoch - 1) / total);
        return lr * CMath.pow(decay, polynomial.power());
    }

    private double cosine(SchedulerSpec.CosineAnnealingLR cosine, double lr, double base) {
        long tMax = cosine.tMax();
        double etaMin = cosine.etaMin();
        if (lastEpoch == 0) {
            return lr;
        }
        if (Math.floorMod(lastEpoch - 1 - tMax, 2 * tMax) == 0) {
            return lr + (base - etaMin) * (1 - CMath.cos(Math.PI / tMax)) / 2;
        }
        return (1 + CMath.cos(Math.PI * lastEpoch / tMax))
                        / (1 + CMath.cos(Math.PI * (lastEpoch - 1) / tMax))
                        * (lr - etaMin)
                + etaMin;
    }

    private double oneCycle(SchedulerSpec.OneCycleLR oneCycle, RateGroup group) {
        double[] ends = oneCycle.phaseEnds(oneCycle.totalSteps().orElseThrow());
        double start = 0;
        int phase = 0;
        while (phase < ends.length - 1 && lastEpoch > ends[phase]) {
            start = ends[phase];
            phase++;
        }
        double done = (lastEpoch - start) / (ends[phase] - start);
        boolean last = phase == ends.length - 1;
        double fromLr = phase == 1 ? group.maxLr : group.initialLr;
        double toLr = phase == 0 ? group.maxLr : last ? group.minLr : group.initialLr;
        if (oneCycle.momentum().isPresent()) {
            double from = phase == 1 ? group.baseMomentum : group.maxMomentum;
            double to = phase == 0 ? group.baseMomentum : group.maxMomentum;
            group.momentum = anneal(oneCycle.annealStrategy(), from, to, done);
        }
        return anneal(oneCycle.annealStrategy(), fromLr, toLr, done);
    }

    private static double anneal(SchedulerSpec.Anneal how, double from, double to, double done) {
        return switch (how) {
            case COS -> to + (from - to) / 2.0 * (CMath.cos(Math.PI * done) + 1);
            case LINEAR -> (to - from) * done + from;
        };
    }

    private double cyclic(SchedulerSpec.CyclicLR cyclic, RateGroup group, int i) {
        double up = cyclic.stepSizeUp();
        double total = up + cyclic.stepSizeDown().orElse(cyclic.stepSizeUp());
        double ratio = up / total;
        double cycle = Math.floor(1 + lastEpoch / total);
        double x = 1.0 + lastEpoch / total - cycle;
        double height = x <= ratio ? x / ratio : (x - 1) / (ratio - 1);
        double scale =
                switch (cyclic.mode()) {
                    case TRIANGULAR -> 1.0;
                    case TRIANGULAR2 -> 1 / CMath.pow(2.0, cycle - 1);
                    case EXP_RANGE -> CMath.pow(cyclic.gamma(), (double) lastEpoch);
                };
        Optional<MomentumCycle> momentum = cyclic.momentum();
        if (momentum.isPresent()) {
            double range = momentum.get().max() - momentum.get().base();
            group.momentum = momentum.get().max() - range * height * scale;
        }
        return baseLrs[i] + (ofGroup(cyclic.maxLr(), i) - baseLrs[i]) * height * scale;
    }

    @Override
    public void save(List<Counters> to) {
        to.add(new Counters(lastEpoch, sinceRestart, untilRestart, 0, 0, 0));
    }

    @Override
    public void restore(List<Counters> from) {
        Counters counters = from.removeFirst();
        lastEpoch = counters.lastEpoch();
        sinceRestart = counters.sinceRestart();
        untilRestart = counters.untilRestart();
    }
}
