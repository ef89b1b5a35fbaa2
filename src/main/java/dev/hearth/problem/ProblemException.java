package dev.hearth.problem;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stops the work at hand with an error that the caller is told about. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final Duration USUAL_PAUSE = Duration.ofSeconds(2);

    private final ProblemCode code;
    private final transient List<Violation> violations;
    private final @Nullable Duration retryAfter;

    public ProblemException(ProblemCode code, String detail) {
        this(code, detail, List.of(), null, null);
    }

    public ProblemException(ProblemCode code, String detail, Throwable cause) {
        this(code, detail, List.of(), cause, null);
    }

    public ProblemException(ProblemCode code, String detail, List<Violation> violations) {
        this(code, detail, violations, null, null);
    }

    private ProblemException(
            ProblemCode code,
            String detail,
            List<Violation> violations,
            @Nullable Throwable cause,
            @Nullable Duration retryAfter) {
        super(detail, cause, true, !isSaidByTheThousand(code));
        this.code = code;
        this.violations = List.copyOf(violations);
        this.retryAfter = retryAfter;
    }

    /**
     * The server is full.
     *
     * @param retryAfter when it is likely to have room
     */
    public static ProblemException overloaded(String detail, Duration retryAfter) {
        return new ProblemException(ProblemCode.OVERLOADED, detail, List.of(), null, retryAfter);
    }

    /** Where the server is full, a stack trace for each request would be work for nothing. */
    private static boolean isSaidByTheThousand(ProblemCode code) {
        return code == ProblemCode.OVERLOADED || code == ProblemCode.DEADLINE_EXCEEDED;
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

    /** When the same request may succeed; empty where time changes nothing. */
    public Optional<Duration> retryAfter() {
        return switch (code.category()) {
            case OVERLOADED, QUOTA -> Optional.of(retryAfter == null ? USUAL_PAUSE : retryAfter);
            case SYNTAX,
                    UNAUTHENTICATED,
                    FORBIDDEN,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    NOT_ACCEPTABLE,
                    CONFLICT,
                    PRECONDITION_FAILED,
                    TOO_LARGE,
                    UNSUPPORTED_TYPE,
                    UNPROCESSABLE,
                    INTERNAL ->
                    Optional.empty();
        };
    }
}
