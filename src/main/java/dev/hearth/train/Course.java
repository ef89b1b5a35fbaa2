package dev.hearth.train;

import dev.hearth.torchscript.Sums;
import dev.hearth.torchscript.TrainingProgram;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A run on its way: moves the program on, and knows where it is. */
final class Course {

    private final TrainingProgram program;
    private final LearningRates rates;
    private final Optional<Improvement> improvement;
    private final long seed;
    private final GeneratorTrace trace;

    private int epoch;
    private long batch;
    private Sums sums = Sums.NONE;
    private long steps;
    private List<Long> seeds = List.of();
    private Place.Time time = Place.Time.NONE;

    /** Where the generator is, if that has been found since the last draw. */
    private OptionalLong drawn = OptionalLong.empty();

    /** Whether the generator is further than the run, since its place had to be found. */
    private boolean displaced;

    Course(
            TrainingProgram program,
            LearningRates rates,
            Optional<Improvement> improvement,
            long seed) {
        this.program = program;
        this.rates = rates;
        this.improvement = improvement;
        this.seed = seed;
        this.trace = new GeneratorTrace(seed);
    }

    /** Before the first mini-batch of the first epoch. */
    void begin() {
        epoch = 1;
        seeds = program.startEpoch();
    }

    /** Where another process has been. */
    void resume(Checkpoint from) {
        Place place = from.place();
        program.restore(from.program());
        program.seek(seed, place.drawn());
        program.resumeEpoch(place.seeds());
        rates.restore(from.rates());
        improvement.ifPresent(mine -> from.best().ifPresent(mine::restore));
        trace.skipTo(place.drawn());
        epoch = place.epoch();
        batch = place.batch();
        sums = place.sums();
        steps = place.steps();
        seeds = place.seeds();
        time = place.time();
        drawn = OptionalLong.of(place.drawn());
    }

    int epoch() {
        return epoch;
    }

    long batch() {
        return batch;
    }

    long steps() {
        return steps;
    }

    /** Of the epoch so far. */
    Sums sums() {
        return sums;
    }

    Place.Time time() {
        return time;
    }

    /**
     * Trains.
     *
     * @param count mini-batches
     * @param updates steps of the optimiser that they make
     */
    void train(int count, int updates) {
        settle();
        drawn = OptionalLong.empty();
        sums = program.trainSteps(batch, count, rates.next(updates), sums);
        batch += count;
        steps += updates;
    }

    void took(long nanos) {
        time = time.plus(nanos);
    }

    /** Goes to the beginning of the next epoch. */
    void nextEpoch(Epoch ended) {
        settle();
        rates.epochEnded(ended.metrics());
        improvement.ifPresent(found ->
                found.epochEnded(
                        epoch,
                        ended.metrics(),
                        () -> new Improvement.Kept(program.save(), rates.state())));
        epoch++;
        batch = 0;
        sums = Sums.NONE;
        time = new Place.Time(0, time.runNanos());
        seeds = program.startEpoch();
        drawn = OptionalLong.empty();
    }

    Checkpoint checkpoint() {
        var place = new Place(epoch, batch, sums, steps, seeds, drawn(), time);
        return new Checkpoint(
                place, program.save(), rates.state(), improvement.map(Improvement::state));
    }

    /** At an epoch's beginning its seeds tell; within an epoch others have to be drawn. */
    private long drawn() {
        if (drawn.isEmpty()) {
            if (batch == 0) {
                drawn = OptionalLong.of(trace.after(seeds));
            } else {
                drawn = OptionalLong.of(trace.before(program.probe()));
                displaced = true;
            }
        }
        return drawn.getAsLong();
    }

    private void settle() {
        if (displaced) {
            program.seek(seed, drawn.orElseThrow());
            displaced = false;
        }
    }

    /** Whether the run no longer gets better, and how one sees that. */
    Optional<String> reasonToStop() {
        return improvement.filter(Improvement::isOver).map(Improvement::reason);
    }

    /** The epoch that the result is of: the best one where that is kept, else the last. */
    int resultEpoch() {
        return improvement
                .map(Improvement::state)
                .filter(state -> state.kept().isPresent())
                .map(Improvement.State::epoch)
                .orElse(epoch - 1);
    }

    /** Makes the run's result what it was after its best epoch, where that is kept. */
    void goBackToBest() {
        improvement
                .flatMap(found -> found.state().kept())
                .ifPresent(kept -> {
                    program.restore(kept.program());
                    rates.restore(kept.rates());
                });
    }
}
