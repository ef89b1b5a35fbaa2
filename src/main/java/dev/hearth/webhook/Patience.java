package dev.hearth.webhook;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a message is tried again that did not arrive: after 5 seconds, and each time after four
 * times as long, up to 12 hours; a fifth more or less, so that what failed together does not come
 * back together. After nine attempts, in most of a day, it is given up.
 */
record Patience(RandomGenerator random) {

    static final int ATTEMPTS = 9;

    private static final double FIRST_SECONDS = 5;
    private static final double LONGEST_SECONDS = 12 * 3600;
    private static final double SPREAD = 0.2;

    /**
     * @param attempt that has failed, from 1
     * @return empty if it was the last one
     */
    Optional<Duration> after(int attempt) {
        if (attempt >= ATTEMPTS) {
            return Optional.empty();
        }
        double seconds = Math.min(LONGEST_SECONDS, FIRST_SECONDS * Math.pow(4, attempt - 1));
        double factor = 1 - SPREAD + 2 * SPREAD * random.nextDouble();
        return Optional.of(Duration.ofMillis(Math.round(seconds * factor * 1000)));
    }
}
