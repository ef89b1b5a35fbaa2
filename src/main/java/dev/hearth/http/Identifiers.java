package dev.hearth.http;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reads the IDs in paths. */
public final class Identifiers {

    /** {@code UUID.fromString} alone takes {@code 1-1-1-1-1} too. */
    private static final Pattern UUID_FORM =
            Pattern.compile("\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private static final int SHOWN = 80;

    private Identifiers() {}

    /**
     * @param text as it stands in the path
     * @param what the ID is of, such as {@code data set}
     * @throws ProblemException MALFORMED_IDENTIFIER
     */
    public static UUID parse(String text, String what) {
        if (!UUID_FORM.matcher(text).matches()) {
            var shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
            throw new ProblemException(
                    ProblemCode.MALFORMED_IDENTIFIER,
                    "'%s' is not the ID of a %s; an ID looks like 0b6e2d0c-6d4f-4b8e-9a53-3c1f5a7e9d20."
                            .formatted(shown, what));
        }
        return UUID.fromString(text);
    }
}
