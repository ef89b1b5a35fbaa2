package dev.hearth.train;

import dev.hearth.spec.MemoryEstimate;
import dev.hearth.spec.Stopping;
import dev.hearth.torchscript.Sums;
import dev.hearth.torchscript.TrainingProgram;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The training algorithm.
 *
 * @param validation the held-out rows, evaluated after each epoch
 */
public record Training(
        Split training, Optional<Split> validation, Scoring scoring, Pace pace, long seed) {

    /**
     * How long and in what portions.
     *
     * @param epochs how many times all training rows are gone through
     * @param batchSize rows of a mini-batch; at most the training rows
     * @param dropLast whether the last mini-batch is left out where it is smaller
     * @param accumulate mini-batches for each step of the optimiser; an epoch's last step may have
     *     fewer
     * @param stopping what ends the run before its last epoch
     */
    public record Pace(
            int epochs, long batchSize, boolean dropLast, int accumulate, Stopping stopping) {}

    /**
     * How a run ended.
     *
     * @param early why before its last epoch, if it did
     * @param epoch that the result is of
     */
    public record Ending(Optional<String> early, int epoch) {}

    private static final Duration SLICE = Duration.ofMillis(250);

    /**
     * Rows at once in evaluation: the metrics are sums, so this bounds memory and changes nothing
     * but the last bits.
     */
    static final long EVALUATION_BATCH = MemoryEstimate.EVALUATION_BATCH;

    /**
     * Trains.
     *
     * @param rates of this run, from its beginning
     * @param from where to go on; empty for fresh parameters
     * @throws DivergedException if the loss is no longer finite
     */
    public Ending run(
            TrainingProgram program,
            LearningRates rates,
            Optional<Checkpoint> from,
            TrainingObserver observer,
            LongSupplier nanoTime) {
        var slices = new SlicePace(SLICE);
        var course =
                new Course(program, rates, pace.stopping().early().map(Improvement::new), seed);
        program.initialize(seed);
        program.bind(training.rows(), validation.map(Split::rows));
        from.ifPresentOrElse(course::resume, course::begin);
        while (course.epoch() <= pace.epochs()
                && (course.batch() > 0 || reasonToStop(course).isEmpty())) {
            while (course.batch() < batchesPerEpoch() && limit(course).isEmpty()) {
                long begin = nanoTime.getAsLong();
                long rows = course.sums().rows();
                int updates = slices.next(updatesLeft(course));
                int count = batches(updates, course.batch());
                course.train(count, updates);
                requireFinite(course, rates);
                long nanos = nanoTime.getAsLong() - begin;
                slices.took(updates, nanos);
                course.took(nanos);
                observer.afterSlice(
                        new TrainingObserver.Slice(
                                course.epoch(),
                                count,
                                course.sums().rows() - rows,
                                fraction(course.epoch(), course.batch()),
                                nanos),
                        course::checkpoint);
            }
            Epoch ended = epoch(program, rates, course, nanoTime);
            course.nextEpoch(ended);
            observer.afterEpoch(ended, course::checkpoint);
        }
        var ending = new Ending(reasonToStop(course), course.resultEpoch());
        observer.afterTraining(course::checkpoint);
        course.goBackToBest();
        return ending;
    }

    /** Puts a program where a checkpoint is, to be looked at. */
    public Ending restore(TrainingProgram program, LearningRates rates, Checkpoint at) {
        resumed(program, rates, at);
        return new Ending(Optional.empty(), at.epochs());
    }

    /** Puts a program where the result is of a run whose last checkpoint is {@code last}. */
    public Ending result(TrainingProgram program, LearningRates rates, Checkpoint last) {
        var course = resumed(program, rates, last);
        course.goBackToBest();
        return new Ending(Optional.empty(), course.resultEpoch());
    }

    private Course resumed(TrainingProgram program, LearningRates rates, Checkpoint at) {
        var course =
                new Course(program, rates, pace.stopping().early().map(Improvement::new), seed);
        program.initialize(seed);
        program.bind(training.rows(), validation.map(Split::rows));
        course.resume(at);
        return course;
    }

    /** Evaluates what the epoch has come to. */
    private Epoch epoch(
            TrainingProgram program, LearningRates rates, Course course, LongSupplier nanoTime) {
        long begin = nanoTime.getAsLong();
        Optional<Scores> held =
                validation.map(split ->
                        scoring.of(
                                program.evaluate(EVALUATION_BATCH, scoring.needs()),
                                split.meanVariation()));
        course.took(nanoTime.getAsLong() - begin);
        return new Epoch(
                course.epoch(),
                scoring.of(course.sums(), training.meanVariation()),
                held,
                rates.lastUsed(),
                course.time().epochNanos());
    }

    private Optional<String> reasonToStop(Course course) {
        return limit(course).or(course::reasonToStop);
    }

    private Optional<String> limit(Course course) {
        Stopping stopping = pace.stopping();
        if (stopping.maxSteps().isPresent() && course.steps() >= stopping.maxSteps().getAsLong()) {
            return Optional.of("it has made max_steps = %d steps".formatted(course.steps()));
        }
        return stopping.maxTime()
                .filter(most -> course.time().runNanos() >= most.toNanos())
                .map(most ->
                        "it has trained for max_minutes = %s"
                                .formatted(most.toMillis() / 60_000.0));
    }

    private long updatesLeft(Course course) {
        long ofEpoch = updates(batchesPerEpoch() - course.batch());
        return pace.stopping().maxSteps().isPresent()
                ? Math.min(ofEpoch, pace.stopping().maxSteps().getAsLong() - course.steps())
                : ofEpoch;
    }

    /** Steps of the optimiser in the whole run. */
    public long updates() {
        return Math.multiplyExact(updates(batchesPerEpoch()), pace.epochs());
    }

    private long updates(long batches) {
        return Math.ceilDiv(batches, (long) pace.accumulate());
    }

    /** How many mini-batches that many steps take, from mini-batch {@code first} on. */
    private int batches(int updates, long first) {
        return (int) Math.min((long) updates * pace.accumulate(), batchesPerEpoch() - first);
    }

    private long batchesPerEpoch() {
        long rows = training.rows().rows();
        return pace.dropLast() ? rows / pace.batchSize() : Math.ceilDiv(rows, pace.batchSize());
    }

    private double fraction(int epoch, long batch) {
        return (epoch - 1 + (double) batch / batchesPerEpoch()) / pace.epochs();
    }

    private void requireFinite(Course course, LearningRates rates) {
        Sums sums = course.sums();
        if (!sums.isFinite()) {
            long batch = Math.ceilDiv(sums.rows(), pace.batchSize());
            long after = updates(course.batch()) - updates(batch);
            throw new DivergedException(
                    sums.loss(), course.epoch(), course.steps() - after, batch, rates.lastUsed());
        }
    }
}
