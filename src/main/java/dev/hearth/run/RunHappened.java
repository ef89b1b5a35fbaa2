package dev.hearth.run;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * Something has happened to a run. Published in the transaction in which it happens, so that what a
 * listener writes is there if and only if the event is.
 *
 * @param name of the run's model
 * @param owner of the run
 * @param number of the event, from 1 for each run
 * @param type one of {@link #types()}
 */
public record RunHappened(
        UUID run, String name, String owner, int number, String type, String detail, Instant at) {

    /** What can happen, such as {@code succeeded}. */
    public static List<String> types() {
        return Arrays.stream(RunEvent.Type.values()).map(RunEvent.Type::text).toList();
    }
}
