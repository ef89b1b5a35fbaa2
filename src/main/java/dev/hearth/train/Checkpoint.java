package dev.hearth.train;

import dev.hearth.torchscript.ProgramState;
import java.util.Optional;

/**
 * A run at some moment, with all that its next steps depend on: another process that goes on from
 * here makes the same bits.
 *
 * @param best what the run can go back to; empty where it does not stop early
 */
public record Checkpoint(
        Place place,
        ProgramState program,
        LearningRates.State rates,
        Optional<Improvement.State> best) {

    /** Ended epochs. */
    public int epochs() {
        return place.epoch() - 1;
    }

    /** Whether an epoch has ended here, and the next one has not begun. */
    public boolean isBetweenEpochs() {
        return place.batch() == 0;
    }

    /** The same for a run that is to go on for longer: limits and patience count from here. */
    public Checkpoint extended() {
        var from =
                new Place(
                        place.epoch(),
                        place.batch(),
                        place.sums(),
                        0,
                        place.seeds(),
                        place.drawn(),
                        new Place.Time(place.time().epochNanos(), 0));
        return new Checkpoint(from, program, rates, best.map(Improvement.State::patient));
    }
}
