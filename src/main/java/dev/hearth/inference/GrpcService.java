package dev.hearth.inference;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Message;
import dev.hearth.inference.wire.Wire;
import dev.hearth.problem.ClientGoneException;
import dev.hearth.serving.Admission;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** {@code inference.GRPCInferenceService}: what REST answers, in gRPC. */
@Component
class GrpcService implements BindableService {

    static final String NAME = "inference.GRPCInferenceService";

    private final Inference inference;
    private final Readiness readiness;
    private final Admission admission;
    private final ServerMetadata server;

    GrpcService(
            Inference inference,
            Readiness readiness,
            Admission admission,
            @Value("${hearth.version}") String version) {
        this.inference = inference;
        this.readiness = readiness;
        this.admission = admission;
        this.server = ServerMetadata.of(version);
    }

    /** A call: what it takes, and what it answers. */
    private record Call<Q extends Message, A extends Message>(
            MethodDescriptor<Q, A> method, Function<Q, A> answer) {

        static <Q extends Message, A extends Message> Call<Q, A> of(
                String name, Q request, A response, Function<Q, A> answer) {
            return new Call<>(
                    MethodDescriptor.<Q, A>newBuilder()
                            .setType(MethodDescriptor.MethodType.UNARY)
                            .setFullMethodName(MethodDescriptor.generateFullMethodName(NAME, name))
                            .setRequestMarshaller(ProtoUtils.marshaller(request))
                            .setResponseMarshaller(ProtoUtils.marshaller(response))
                            .setSampledToLocalTracing(true)
                            .build(),
                    answer);
        }

        void addTo(ServerServiceDefinition.Builder service) {
            service.addMethod(
                    method,
                    ServerCalls.asyncUnaryCall((request, observer) -> {
                        A message;
                        try {
                            message = answer.apply(request);
                        } catch (ClientGoneException e) {
                            observer.onError(Status.CANCELLED.withCause(e).asRuntimeException());
                            return;
                        } catch (RuntimeException e) {
                            observer.onError(GrpcErrors.of(e, method.getFullMethodName()));
                            return;
                        }
                        observer.onNext(message);
                        observer.onCompleted();
                    }));
        }
    }

    /** For reflection, which tells clients the messages. */
    private static final class Source implements ProtoFileDescriptorSupplier {
        @Override
        public FileDescriptor getFileDescriptor() {
            return Wire.getDescriptor();
        }
    }

    @Override
    public ServerServiceDefinition bindService() {
        List<Call<?, ?>> calls = calls();
        var described = ServiceDescriptor.newBuilder(NAME).setSchemaDescriptor(new Source());
        calls.forEach(call -> described.addMethod(call.method()));
        var service = ServerServiceDefinition.builder(described.build());
        calls.forEach(call -> call.addTo(service));
        return service.build();
    }

    private List<Call<?, ?>> calls() {
        var calls = new ArrayList<Call<?, ?>>();
        calls.add(
                Call.of(
                        "ServerLive",
                        Wire.ServerLiveRequest.getDefaultInstance(),
                        Wire.ServerLiveResponse.getDefaultInstance(),
                        _ -> Wire.ServerLiveResponse.newBuilder().setLive(true).build()));
        calls.add(
                Call.of(
                        "ServerReady",
                        Wire.ServerReadyRequest.getDefaultInstance(),
                        Wire.ServerReadyResponse.getDefaultInstance(),
                        _ ->
                                Wire.ServerReadyResponse.newBuilder()
                                        .setReady(readiness.isReady())
                                        .build()));
        calls.add(
                Call.of(
                        "ServerMetadata",
                        Wire.ServerMetadataRequest.getDefaultInstance(),
                        Wire.ServerMetadataResponse.getDefaultInstance(),
                        _ ->
                                Wire.ServerMetadataResponse.newBuilder()
                                        .setName(server.name())
                                        .setVersion(server.version())
                                        .addAllExtensions(server.extensions())
                                        .build()));
        calls.add(
                Call.of(
                        "ModelReady",
                        Wire.ModelReadyRequest.getDefaultInstance(),
                        Wire.ModelReadyResponse.getDefaultInstance(),
                        request ->
                                Wire.ModelReadyResponse.newBuilder()
                                        .setReady(
                                                inference.isThere(
                                                        request.getName(), request.getVersion()))
                                        .build()));
        calls.add(
                Call.of(
                        "ModelMetadata",
                        Wire.ModelMetadataRequest.getDefaultInstance(),
                        Wire.ModelMetadataResponse.getDefaultInstance(),
                        request ->
                                GrpcMessages.metadata(
                                        readiness.metadata(
                                                inference.named(
                                                        request.getName(),
                                                        request.getVersion())))));
        calls.add(
                Call.of(
                        "ModelInfer",
                        Wire.ModelInferRequest.getDefaultInstance(),
                        Wire.ModelInferResponse.getDefaultInstance(),
                        this::infer));
        calls.add(
                Call.of(
                        "RepositoryIndex",
                        Wire.RepositoryIndexRequest.getDefaultInstance(),
                        Wire.RepositoryIndexResponse.getDefaultInstance(),
                        this::index));
        calls.add(
                Call.of(
                        "RepositoryModelLoad",
                        Wire.RepositoryModelLoadRequest.getDefaultInstance(),
                        Wire.RepositoryModelLoadResponse.getDefaultInstance(),
                        this::load));
        calls.add(
                Call.of(
                        "RepositoryModelUnload",
                        Wire.RepositoryModelUnloadRequest.getDefaultInstance(),
                        Wire.RepositoryModelUnloadResponse.getDefaultInstance(),
                        request -> {
                            readiness.unload(request.getModelName());
                            return Wire.RepositoryModelUnloadResponse.getDefaultInstance();
                        }));
        return calls;
    }

    private Wire.ModelInferResponse infer(Wire.ModelInferRequest message) {
        var named = inference.named(message.getModelName(), message.getModelVersion());
        if (named.versions().size() == 1) {
            admission.requireRoom(named.any().name(), named.any().number());
        }
        Context call = Context.current();
        var deadline = call.getDeadline();
        var caller =
                new Inference.Caller(
                        Optional.ofNullable(deadline)
                                .map(each ->
                                        Duration.ofNanos(
                                                Math.max(
                                                        1,
                                                        each.timeRemaining(TimeUnit.NANOSECONDS)))),
                        call::isCancelled);
        return GrpcMessages.response(
                inference.infer(named, GrpcMessages.request(message), caller),
                GrpcMessages.isRaw(message));
    }

    private Wire.RepositoryIndexResponse index(Wire.RepositoryIndexRequest request) {
        var index = Wire.RepositoryIndexResponse.newBuilder();
        for (Readiness.IndexEntry entry : readiness.index(request.getReady())) {
            index.addModels(
                    Wire.RepositoryIndexResponse.ModelIndex.newBuilder()
                            .setName(entry.name())
                            .setVersion(entry.version())
                            .setState(entry.state())
                            .setReason(entry.reason()));
        }
        return index.build();
    }

    private Wire.RepositoryModelLoadResponse load(Wire.RepositoryModelLoadRequest request) {
        readiness.requireNoOverride(request.getParametersMap().keySet());
        readiness.load(request.getModelName());
        return Wire.RepositoryModelLoadResponse.getDefaultInstance();
    }
}
