package dev.hearth.problem;

import java.util.List;

/**
 * An error as clients read it, as RFC 9457 has it.
 *
 * @param type the code's {@link ProblemCode#type()}; the same for the same kind of error
 * @param title what kind of error it is, in words
 * @param status the HTTP status
 * @param detail what happened this time, and how to mend it
 * @param instance the path that was asked for
 * @param errors everything that is wrong, each with its place; may be empty
 */
public record ProblemDocument(
        String type,
        String title,
        int status,
        String detail,
        String instance,
        List<Violation> errors) {

    public ProblemDocument {
        errors = List.copyOf(errors);
    }

    /**
     * @param instance the path of what the problem is about
     */
    public static ProblemDocument of(ProblemException problem, String instance) {
        var code = problem.code();
        return new ProblemDocument(
                code.type(),
                code.title(),
                HttpStatusOf.category(code.category()).value(),
                problem.detail(),
                instance,
                problem.violations());
    }
}
