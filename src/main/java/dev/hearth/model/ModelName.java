package dev.hearth.model;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.util.regex.Pattern;

/** What a model is called in URLs. */
public record ModelName(String value) {

    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    public ModelName {
        if (!FORM.matcher(value).matches()) {
            throw new ProblemException(
                    ProblemCode.MALFORMED_IDENTIFIER,
                    "a model's name is 1 to 63 lower-case letters, digits, '.', '_' or '-', and begins"
                            + " with a letter or digit");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
