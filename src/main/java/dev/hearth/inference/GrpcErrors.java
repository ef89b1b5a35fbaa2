package dev.hearth.inference;

import dev.hearth.problem.OpenInferenceError;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Problems;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** Problems in gRPC: Triton's codes, and the words that REST has. */
final class GrpcErrors {

    private GrpcErrors() {}

    /**
     * @param call what was asked, for the log
     */
    static StatusRuntimeException of(Throwable e, String call) {
        ProblemException problem = Problems.withReference(Problems.of(e), call);
        return status(problem)
                .withDescription(OpenInferenceError.of(problem).error())
                .withCause(e)
                .asRuntimeException();
    }

    private static Status status(ProblemException problem) {
        return switch (problem.code().category()) {
            case SYNTAX,
                    UNPROCESSABLE,
                    NOT_ACCEPTABLE,
                    PRECONDITION_FAILED,
                    TOO_LARGE,
                    UNSUPPORTED_TYPE ->
                    Status.INVALID_ARGUMENT;
            case UNAUTHENTICATED -> Status.UNAUTHENTICATED;
            case FORBIDDEN -> Status.PERMISSION_DENIED;
            case NOT_FOUND -> Status.NOT_FOUND;
            case METHOD_NOT_ALLOWED -> Status.UNIMPLEMENTED;
            case CONFLICT, OVERLOADED -> Status.UNAVAILABLE;
            case QUOTA -> Status.RESOURCE_EXHAUSTED;
            case INTERNAL -> Status.INTERNAL;
        };
    }
}
