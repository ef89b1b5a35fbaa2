package dev.hearth.inference;

import dev.hearth.http.Credentials;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.util.Set;

/** Checks the metadata {@code authorization: Bearer …} of each call. */
final class GrpcKeys implements ServerInterceptor {

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    /** What a load balancer asks, which has no key. */
    private static final Set<String> WITHOUT_KEY =
            Set.of(
                    GrpcService.NAME + "/ServerLive",
                    GrpcService.NAME + "/ServerReady",
                    "grpc.health.v1.Health/Check",
                    "grpc.health.v1.Health/Watch");

    private final Credentials credentials;

    GrpcKeys(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        try {
            boolean isKnown = credentials.ownerOf(headers.get(AUTHORIZATION)).isPresent();
            if (!isKnown && !credentials.isOpen() && !WITHOUT_KEY.contains(method)) {
                throw Credentials.missing();
            }
        } catch (RuntimeException e) {
            StatusRuntimeException refused = GrpcErrors.of(e, method);
            call.close(refused.getStatus(), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return next.startCall(call, headers);
    }
}
