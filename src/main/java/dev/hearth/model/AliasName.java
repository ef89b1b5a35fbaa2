package dev.hearth.model;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.util.regex.Pattern;

/** What an alias of a model is called: the part behind {@code @} in {@code iris@prod}. */
public record AliasName(String value) {

    /** Stands for the newest version, always, and so is no alias. */
    public static final String LATEST = "latest";

    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._-]{0,31}");
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    public AliasName {
        if (!FORM.matcher(value).matches()) {
            throw new ProblemException(
                    ProblemCode.MALFORMED_IDENTIFIER,
                    "an alias is 1 to 32 lower-case letters, digits, '.', '_' or '-', and begins with a"
                            + " letter or digit");
        }
        if (NUMBER.matcher(value).matches()) {
            throw new ProblemException(
                    ProblemCode.MALFORMED_IDENTIFIER,
                    "an alias is no number, which a version is; got '%s'".formatted(value));
        }
        if (value.equals(LATEST)) {
            throw new ProblemException(
                    ProblemCode.MALFORMED_IDENTIFIER,
                    "'latest' always means the newest version, and cannot be another alias");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
