package dev.hearth.dataset;

import java.time.Instant;
import java.util.Optional;

/**
 * How far a data set is.
 *
 * @param fraction of the preparing that is done, from 0 to 1
 * @param doing what is being done, in a few words; empty once it has ended
 * @param rejection where the state is {@link DatasetState#REJECTED}, and only there
 * @param startedAt when a worker first took it up
 */
record Standing(
        DatasetState state,
        double fraction,
        String doing,
        Optional<Rejection> rejection,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt) {

    static final String WAITING = "waiting for a worker";

    /** Of a data set that nobody has taken up. */
    static Standing waiting() {
        return new Standing(
                DatasetState.PREPARING,
                0,
                WAITING,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
