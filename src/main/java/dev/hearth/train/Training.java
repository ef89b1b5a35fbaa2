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
     * @param accumulate mini-batches for each step of the optimiser; an epoch's last step may have
     *     fewer
     */
    public record Pace(int epochs, long batchSize, boolean dropLast, int accumulate) {}

    private static final Duration SLICE = Duration.ofMillis(250);

    /**
     * Rows at once in evaluation: the metrics are sums, so this bounds memory and changes nothing
     * but the last bits.
     */
    static final long EVALUATION_BATCH = 1024;

    /**
     * Trains from fresh parameters.
     *
     * @param rates of this run, from its beginning
     * @throws DivergedException if the loss is no longer finite
     */
    public void run(
            TrainingProgram program,
            LearningRates rates,
            TrainingObserver observer,
            LongSupplier nanoTime) {
        var slices = new SlicePace(SLICE);
        program.initialize(seed);
        program.bind(training.rows(), validation.map(Split::rows));
        for (int epoch = 1; epoch <= pace.epochs(); epoch++) {
            long begin = nanoTime.getAsLong();
            Sums sums = Sums.NONE;
            program.startEpoch();
            for (long batch = 0; batch < batchesPerEpoch(); ) {
                long sliceBegin = nanoTime.getAsLong();
                int updates = slices.next(updates(batchesPerEpoch() - batch));
                int count = batches(updates, batch);
                Sums slice = program.trainSteps(batch, count, rates.next(updates));
                slices.took(updates, nanoTime.getAsLong() - sliceBegin);
                batch += count;
                sums = sums.plus(slice);
                observer.afterSlice(epoch, count, slice.rows(), fraction(epoch, batch));
            }
            requireFinite(epoch, sums);
            Optional<Scores> held =
                    validation.map(split ->
                            scoring.of(
                                    program.evaluate(EVALUATION_BATCH, scoring.needs()),
                                    split.meanVariation()));
            var ended =
                    new Epoch(
                            epoch,
                            scoring.of(sums, training.meanVariation()),
                            held,
                            rates.lastUsed(),
                            nanoTime.getAsLong() - begin);
            rates.epochEnded(ended.metrics());
            observer.afterEpoch(ended);
        }
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

    private static void requireFinite(int epoch, Sums sums) {
        double loss = sums.meanLoss();
        if (!Double.isFinite(loss)) {
            throw new DivergedException(epoch, loss);
        }
    }
}
