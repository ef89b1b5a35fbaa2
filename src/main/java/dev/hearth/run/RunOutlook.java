package dev.hearth.run;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is to be expected of a run. The times are estimates.
 *
 * @param position how many wait before it; empty if it does not wait
 * @param start when a worker will have it; empty if it does not wait, or nobody can tell
 * @param finish when it will have trained all its epochs; empty if it does not go on by itself, or
 *     nobody can tell
 */
record RunOutlook(OptionalLong position, Optional<Instant> start, Optional<Instant> finish) {

    /** Of a run that has ended, or rests. */
    static final RunOutlook NONE =
            new RunOutlook(OptionalLong.empty(), Optional.empty(), Optional.empty());
}
