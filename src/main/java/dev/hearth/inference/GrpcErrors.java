package dev.hearth.inference;

import com.google.protobuf.Duration;
import com.google.rpc.RetryInfo;
import dev.hearth.problem.OpenInferenceError;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Problems;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;

/** Problems in gRPC: Triton's codes, and the words that REST has. */
final class GrpcErrors {

    private GrpcErrors() {}

    /** What clients with a retry policy of their own look at, in milliseconds. */
    private static final Metadata.Key<String> PUSHBACK =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    private static final Metadata.Key<RetryInfo> RETRY_INFO =
            ProtoUtils.keyForProto(RetryInfo.getDefaultInstance());

    /** How a call ends. */
    record Ending(Status status, Metadata trailers) {}

    /**
     * @param call what was asked, for the log
     */
    static StatusRuntimeException of(Throwable e, String call) {
        var ending = ending(e, call);
        return ending.status().withCause(e).asRuntimeException(ending.trailers());
    }

    /**
     * As {@link #of}, without an exception, which costs more than the refusal.
     *
     * @param call what was asked, for the log
     */
    static Ending ending(Throwable e, String call) {
        ProblemException problem = Problems.withReference(Problems.of(e), call);
        return new Ending(
                status(problem).withDescription(OpenInferenceError.of(problem).error()),
                trailers(problem));
    }

    private static Metadata trailers(ProblemException problem) {
        var trailers = new Metadata();
        problem.retryAfter()
                .ifPresent(pause -> {
                    trailers.put(PUSHBACK, String.valueOf(pause.toMillis()));
                    trailers.put(
                            RETRY_INFO,
                            RetryInfo.newBuilder()
                                    .setRetryDelay(
                                            Duration.newBuilder()
                                                    .setSeconds(pause.toMillis() / 1000)
                                                    .setNanos(
                                                            (int) (pause.toMillis() % 1000)
                                                                    * 1_000_000))
                                    .build());
                });
        return trailers;
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
