package dev.hearth.spec;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What ends a run before its last epoch.
 *
 * @param maxSteps of the optimiser
 * @param maxTime of training
 */
public record Stopping(Optional<Early> early, OptionalLong maxSteps, Optional<Duration> maxTime) {

    public static final Stopping NEVER =
            new Stopping(Optional.empty(), OptionalLong.empty(), Optional.empty());

    public Stopping {
        if (maxSteps.isPresent() && maxSteps.getAsLong() < 1) {
            throw new IllegalArgumentException("at most " + maxSteps + " steps");
        }
    }

    /**
     * The end of a run that no longer gets better.
     *
     * @param metric such as {@code validation_loss}
     * @param patience after how many epochs without improvement the run ends
     * @param minDelta what counts as an improvement: a difference of more than this
     * @param restoreBest whether the run's result is as it was after its best epoch
     */
    public record Early(
            String metric, Mode mode, int patience, double minDelta, boolean restoreBest) {

        public Early {
            if (patience < 1 || !(minDelta >= 0)) {
                throw new IllegalArgumentException("patience %d".formatted(patience));
            }
        }

        /** Whether {@code value} is an improvement; what is not a number never is. */
        public boolean isBetter(double value, double best) {
            return switch (mode) {
                case MIN -> value < best - minDelta;
                case MAX -> value > best + minDelta;
            };
        }

        /** What every number is better than. */
        public double worst() {
            return switch (mode) {
                case MIN -> Double.POSITIVE_INFINITY;
                case MAX -> Double.NEGATIVE_INFINITY;
            };
        }
    }

    /** Which way a metric gets better. */
    public enum Mode {
        MIN,
        MAX;

        /** Errors get better downwards, scores upwards. */
        public static Mode of(String metric) {
            String name = metric.substring(metric.indexOf('_') + 1);
            return name.equals("loss") || name.equals("mae") || name.equals("rmse") ? MIN : MAX;
        }
    }
}
