package dev.hearth.serving;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;

/** How many rows a request may hold. */
final class Limits {

    private Limits() {}

    static void requireBatch(int rows, int most, String pointer) {
        if (rows == 0) {
            throw ProblemException.at(
                    ProblemCode.INVALID_INPUT, pointer, "expected at least one row, got none");
        }
        if (rows > most) {
            throw ProblemException.at(
                    ProblemCode.BATCH_TOO_LARGE,
                    pointer,
                    "a request may hold %d rows, got %s; send several requests"
                            .formatted(most, rows == Integer.MAX_VALUE ? "more" : rows));
        }
    }
}
