package dev.hearth.batch;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Where a prediction over a data set stands. */
enum BatchState {
    /** It waits for a worker. */
    QUEUED,
    /** A worker has it. */
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    /** As the database and the interface have it. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static BatchState of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /**
     * @throws ProblemException INVALID_PARAMETER for a state that there is none
     */
    static BatchState parse(String text) {
        return Arrays.stream(values())
                .filter(state -> state.text().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        ProblemException.at(
                                ProblemCode.INVALID_PARAMETER,
                                "state",
                                "expected one of " + all()));
    }

    private static List<String> all() {
        return Arrays.stream(values()).map(BatchState::text).toList();
    }
}
