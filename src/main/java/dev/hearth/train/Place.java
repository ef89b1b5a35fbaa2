package dev.hearth.train;

import dev.hearth.torchscript.Sums;
import java.util.List;

/**
 * Where a run is.
 *
 * @param epoch the current one, from 1; one more than there are when the last has ended
 * @param batch the next mini-batch of the epoch, from 0
 * @param sums of the epoch's mini-batches before it
 * @param steps of the optimiser in the run so far
 * @param seeds that were drawn for the epoch's order of rows
 * @param drawn how many numbers of 32 bits the generator has made
 * @param time spent so far
 */
public record Place(
        int epoch, long batch, Sums sums, long steps, List<Long> seeds, long drawn, Time time) {

    public Place {
        seeds = List.copyOf(seeds);
        if (epoch < 1 || batch < 0 || steps < 0 || drawn < 0 || seeds.isEmpty()) {
            throw new IllegalArgumentException(
                    "no place in a run: epoch %d, batch %d".formatted(epoch, batch));
        }
    }

    /** In training, evaluation included. */
    public record Time(long epochNanos, long runNanos) {
        static final Time NONE = new Time(0, 0);

        Time plus(long nanos) {
            return new Time(epochNanos + nanos, runNanos + nanos);
        }
    }
}
