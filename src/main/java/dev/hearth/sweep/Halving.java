package dev.hearth.sweep;

import java.util.ArrayList;
import java.util.List;

/**
 * Successive halving (Jamieson and Talwalkar, 2016): all trials train for a few epochs, one of
 * {@code reductionFactor} goes on for that many times more, and so on.
 *
 * @param epochs that a trial has in all at the end of each rung, rising
 */
record Halving(List<Integer> epochs, int reductionFactor) {

    Halving {
        epochs = List.copyOf(epochs);
        if (epochs.isEmpty() || reductionFactor < 2) {
            throw new IllegalArgumentException(epochs + " by " + reductionFactor);
        }
    }

    /**
     * Rungs of {@code min}, {@code min·factor}, {@code min·factor²}, … and at last {@code max}
     * epochs.
     */
    static Halving of(int min, int max, int factor) {
        var epochs = new ArrayList<Integer>();
        for (long rung = min; rung < max; rung *= factor) {
            epochs.add((int) rung);
        }
        epochs.add(max);
        return new Halving(epochs, factor);
    }

    int lastRung() {
        return epochs.size() - 1;
    }

    /** How many of {@code trials} in a rung go on: rounded up, as scikit-learn does. */
    int survivors(int trials) {
        return Math.ceilDiv(trials, reductionFactor);
    }
}
