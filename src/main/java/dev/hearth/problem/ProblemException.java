package dev.hearth.problem;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stops the work at hand with an error that the caller is told about. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemCode code;
    private final transient List<Violation> violations;

    public ProblemException(ProblemCode code, String detail) {
        this(code, detail, List.of(), null);
    }

    public ProblemException(ProblemCode code, String detail, Throwable cause) {
        this(code, detail, List.of(), cause);
    }

    public ProblemException(ProblemCode code, String detail, List<Violation> violations) {
        this(code, detail, violations, null);
    }

    private ProblemException(
            ProblemCode code,
            String detail,
            List<Violation> violations,
            @Nullable Throwable cause) {
        super(detail, cause);
        this.code = code;
        this.violations = List.copyOf(violations);
    }

    /** One violation that is also the whole story. */
    public static ProblemException at(ProblemCode code, String pointer, String message) {
        return new ProblemException(
                code, pointer + ": " + message, List.of(new Violation(pointer, message)));
    }

    public ProblemCode code() {
        return code;
    }

    /** What the caller reads: what happened, what was expected, how to mend it. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    public List<Violation> violations() {
        return violations;
    }
}
