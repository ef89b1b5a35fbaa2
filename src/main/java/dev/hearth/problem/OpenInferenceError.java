package dev.hearth.problem;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the Open Inference Protocol has in place of a problem document: one text.
 *
 * @param error all that is wrong, and how to mend it
 */
public record OpenInferenceError(String error) {

    private static final int MOST_VIOLATIONS = 20;

    /** Whether a request to this path is one of that protocol. */
    static boolean isFor(String path) {
        return path.equals("/v2") || path.startsWith("/v2/");
    }

    /** The problem in one text; over gRPC it is the status's description. */
    public static OpenInferenceError of(ProblemException problem) {
        String rest =
                problem.violations().stream()
                        .skip(1)
                        .limit(MOST_VIOLATIONS)
                        .map(each -> each.pointer() + ": " + each.message())
                        .collect(Collectors.joining("; "));
        return new OpenInferenceError(
                Stream.of(problem.detail(), rest)
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining("; ")));
    }
}
