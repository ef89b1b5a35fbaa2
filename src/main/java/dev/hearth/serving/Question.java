package dev.hearth.serving;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A request to a model, on its way through the queue.
 *
 * @param content what is asked
 * @param rows how many rows that is
 * @param patience how long it may wait, and how urgent it is
 */
record Question<Q>(Q content, int rows, Patience patience) {

    Question {
        if (rows < 1) {
            throw new IllegalArgumentException("a question has at least one row");
        }
    }

    /**
     * @param deadline how long it may wait for its turn
     * @param priority of those that wait, the highest goes first, and of equal ones the oldest
     * @param clientGone whether nobody waits for the answer any more; asked by any thread
     */
    record Patience(Duration deadline, int priority, BooleanSupplier clientGone) {

        /** Of what nobody waits for: computed only while nothing else is to be. */
        private static final int BACKGROUND = -1_000_000;

        static Patience inBackground(Duration deadline) {
            return new Patience(deadline, BACKGROUND, () -> false);
        }

        boolean isBackground() {
            return priority == BACKGROUND;
        }
    }
}
