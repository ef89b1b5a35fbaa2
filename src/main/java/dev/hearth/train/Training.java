package dev.hearth.train;

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
     */
    public record Pace(int epochs, long batchSize, boolean dropLast) {}

    private static final Duration SLICE = Duration.ofMillis(250);

    /**
     * Rows at once in evaluation: the metrics are sums, so this bounds memory and changes nothing
     * but the last bits.
     */
    static final long EVALUATION_BATCH = 1024;

    /**
     * Trains from fresh parameters.
     *
     * @throws DivergedException if the loss is no longer finite
     */
    public void run(TrainingProgram program, TrainingObserver observer, LongSupplier nanoTime) {
        var slices = new SlicePace(SLICE);
        program.initialize(seed);
        program.bind(training.rows(), validation.map(Split::rows));
        for (int epoch = 1; epoch <= pace.epochs(); epoch++) {
            long begin = nanoTime.getAsLong();
            Sums sums = Sums.NONE;
            program.startEpoch();
            for (long step = 0; step < stepsPerEpoch(); ) {
                long sliceBegin = nanoTime.getAsLong();
                int count = slices.next(stepsPerEpoch() - step);
                Sums slice = program.trainSteps(step, count);
                slices.took(count, nanoTime.getAsLong() - sliceBegin);
                step += count;
                sums = sums.plus(slice);
                observer.afterSlice(epoch, count, slice.rows(), fraction(epoch, step));
            }
            requireFinite(epoch, sums);
            Optional<Scores> held =
                    validation.map(split ->
                            scoring.of(
                                    program.evaluate(EVALUATION_BATCH, scoring.needs()),
                                    split.meanVariation()));
            observer.afterEpoch(
                    new Epoch(
                            epoch,
                            scoring.of(sums, training.meanVariation()),
                            held,
                            nanoTime.getAsLong() - begin));
        }
    }

    /** In an epoch. */
    public long stepsPerEpoch() {
        long rows = training.rows().rows();
        return pace.dropLast() ? rows / pace.batchSize() : Math.ceilDiv(rows, pace.batchSize());
    }

    private double fraction(int epoch, long step) {
        return (epoch - 1 + (double) step / stepsPerEpoch()) / pace.epochs();
    }

    private static void requireFinite(int epoch, Sums sums) {
        double loss = sums.meanLoss();
        if (!Double.isFinite(loss)) {
            throw new DivergedException(epoch, loss);
        }
    }
}
