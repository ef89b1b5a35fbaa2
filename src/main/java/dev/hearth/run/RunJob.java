package dev.hearth.run;

import java.util.UUID;

/**
 * A run's place in the queue. Each time that a run is queued it has another one, so that a worker
 * that still has to do with the one before does not claim the run again.
 *
 * @param number from 0
 */
record RunJob(RunId run, int number) {

    private static final char SEPARATOR = ':';

    /** As the queue knows it. */
    String text() {
        return number == 0 ? run.toString() : run.toString() + SEPARATOR + number;
    }

    static RunJob of(String text) {
        int end = text.indexOf(SEPARATOR);
        return end < 0
                ? new RunJob(new RunId(UUID.fromString(text)), 0)
                : new RunJob(
                        new RunId(UUID.fromString(text.substring(0, end))),
                        Integer.parseInt(text.substring(end + 1)));
    }
}
