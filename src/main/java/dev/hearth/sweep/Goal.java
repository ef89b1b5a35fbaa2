package dev.hearth.sweep;

import dev.hearth.spec.Stopping.Mode;

/**
 * What makes a trial better than another.
 *
 * @param metric of its result, such as {@code validation_loss}
 */
record Goal(String metric, Mode mode) {

    /** Less is better; NaN where {@code value} is no number. */
    double badness(double value) {
        return switch (mode) {
            case MIN -> value;
            case MAX -> -value;
        };
    }
}
