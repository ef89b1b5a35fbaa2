package dev.hearth.train;

import dev.hearth.spec.SchedulerSpec.Mode;
import dev.hearth.spec.SchedulerSpec.ReduceLROnPlateau;
import dev.hearth.spec.SchedulerSpec.ThresholdMode;
import java.util.List;
import java.util.Map;

/** {@code ReduceLROnPlateau}: lowers the rates when a metric has not improved for a while. */
final class PlateauScheduler implements Scheduler {

    private final ReduceLROnPlateau spec;
    private final List<RateGroup> groups;
    private long lastEpoch;
    private double best;
    private long badEpochs;
    private long cooldown;

    PlateauScheduler(ReduceLROnPlateau spec, List<RateGroup> groups) {
        this.spec = spec;
        this.groups = groups;
        this.best =
                switch (spec.mode()) {
                    case MIN -> Double.POSITIVE_INFINITY;
                    case MAX -> Double.NEGATIVE_INFINITY;
                };
    }

    /** A metric that an epoch has not, such as r2 of equal targets, is no improvement. */
    @Override
    public void step(Map<String, Double> metrics) {
        double current = metrics.getOrDefault(spec.metric(), Double.NaN);
        lastEpoch++;
        if (isBetter(current)) {
            best = current;
            badEpochs = 0;
        } else {
            badEpochs++;
        }
        if (cooldown > 0) {
            cooldown--;
            badEpochs = 0;
        }
        if (badEpochs > spec.patience()) {
            reduce();
            cooldown = spec.cooldown();
            badEpochs = 0;
        }
    }

    private void reduce() {
        for (int i = 0; i < groups.size(); i++) {
            RateGroup group = groups.get(i);
            double minLr = spec.minLr().size() == 1 ? spec.minLr().getFirst() : spec.minLr().get(i);
            double lower = Math.max(group.lr * spec.factor(), minLr);
            if (group.lr - lower > spec.eps()) {
                group.lr = lower;
            }
        }
    }

    private boolean isBetter(double current) {
        boolean relative = spec.thresholdMode() == ThresholdMode.REL;
        if (spec.mode() == Mode.MIN) {
            return relative
                    ? current < best * (1.0 - spec.threshold())
                    : current < best - spec.threshold();
        }
        return relative
                ? current > best * (spec.threshold() + 1.0)
                : current > best + spec.threshold();
    }

    @Override
    public void save(List<Counters> to) {
        to.add(new Counters(lastEpoch, 0, 0, best, badEpochs, cooldown));
    }

    @Override
    public void restore(List<Counters> from) {
        Counters counters = from.removeFirst();
        lastEpoch = counters.lastEpoch();
        best = counters.best();
        badEpochs = counters.badEpochs();
        cooldown = counters.cooldown();
    }
}
