package dev.hearth.train;

import dev.hearth.spec.OptimizerSpec;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * One of PyTorch's {@code param_groups}, as far as schedulers read and write it. Schedulers leave
 * notes to each other here, as PyTorch's do, so that combinations behave alike.
 */
final class RateGroup {

    double lr;

    /** Where schedules begin; NaN until the first scheduler has been made. */
    double initialLr = Double.NaN;

    /** Of the optimiser, or the first of its betas; NaN where it has neither. */
    double momentum;

    double maxLr = Double.NaN;
    double minLr = Double.NaN;
    double maxMomentum = Double.NaN;
    double baseMomentum = Double.NaN;

    RateGroup(OptimizerSpec optimizer) {
        this.lr = optimizer.lr();
        this.momentum = optimizer.momentumOrBeta1().orElse(Double.NaN);
    }

    /** What schedulers have left here, by PyTorch's names. */
    SequencedMap<String, Double> notes() {
        var notes = new LinkedHashMap<String, Double>();
        notes.put("initial_lr", initialLr);
        notes.put("max_lr", maxLr);
        notes.put("min_lr", minLr);
        notes.put("max_momentum", maxMomentum);
        notes.put("base_momentum", baseMomentum);
        notes.values().removeIf(value -> value.isNaN());
        return notes;
    }
}
