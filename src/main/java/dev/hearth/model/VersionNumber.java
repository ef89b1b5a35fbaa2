package dev.hearth.model;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;

/** Reads a version's number as it stands in a URL. */
public final class VersionNumber {

    private VersionNumber() {}

    public static int parse(String text) {
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new ProblemException(
                    ProblemCode.MALFORMED_IDENTIFIER,
                    "a version is a positive number, such as 1; got something else");
        }
        return Integer.parseInt(text);
    }
}
