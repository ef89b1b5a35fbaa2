package dev.hearth.run;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;

/** Reads a checkpoint's number as it stands in a URL. */
final class CheckpointNumber {

    private CheckpointNumber() {}

    static int parse(String text) {
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new ProblemException(
                    ProblemCode.MALFORMED_IDENTIFIER,
                    "a checkpoint is a positive number, such as 1; got something else");
        }
        return Integer.parseInt(text);
    }
}
