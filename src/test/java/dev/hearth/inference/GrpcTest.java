package dev.hearth.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.http.Credentials;
import dev.hearth.inference.wire.Wire;
import dev.hearth.inference.wire.Wire.InferParameter;
import dev.hearth.inference.wire.Wire.InferTensorContents;
import dev.hearth.inference.wire.Wire.ModelInferRequest;
import dev.hearth.inference.wire.Wire.ModelInferRequest.InferInputTensor;
import dev.hearth.inference.wire.Wire.ModelInferRequest.InferRequestedOutputTensor;
import dev.hearth.inference.wire.Wire.ModelInferResponse;
import dev.hearth.job.ProcessRoles;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;

/** The same protocol over gRPC. */
@HearthTest
class GrpcTest {

    @Autowired Client client;
    @Autowired ApplicationContext context;
    @Autowired GrpcServer server;
    @Autowired GrpcService service;
    @TempDir Path folder;

    private ManagedChannel channel;

    @BeforeEach
    void connect() throws IOException {
        new TrainedModels(client, context, folder).train();
        channel = channel(server.port());
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    private static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build();
    }

    private <A extends Message> A call(String method, Message request, A answer) {
        return call(channel, method, request, answer);
    }

    /** Calls by name, so that the service's own descriptors are what is tested. */
    @SuppressWarnings("unchecked")
    private <A extends Message> A call(Channel to, String method, Message request, A answer) {
        var descriptor =
                (MethodDescriptor<Message, A>)
                        service.bindService()
                                .getMethod(GrpcService.NAME + "/" + method)
                                .getMethodDescriptor();
        Message answered =
                ClientCalls.blockingUnaryCall(
                        to,
                        descriptor,
                        CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
                        request);
        return (A) answer.getClass().cast(answered);
    }

    private ModelInferResponse infer(ModelInferRequest request) {
        return call("ModelInfer", request, ModelInferResponse.getDefaultInstance());
    }

    private static InferInputTensor.Builder flowers() {
        return InferInputTensor.newBuilder()
                .setName("input")
                .setDatatype("FP32")
                .addAllShape(List.of(2L, 4L));
    }

    private static final float[] VALUES = {5.1f, 3.5f, 1.4f, 0.2f, 6.3f, 2.9f, 5.6f, 1.8f};

    private static InferTensorContents contents() {
        var contents = InferTensorContents.newBuilder();
        for (float value : VALUES) {
            contents.addFp32Contents(value);
        }
        return contents.build();
    }

    private static ByteString raw() {
        var bytes = ByteBuffer.allocate(VALUES.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(VALUES);
        return ByteString.copyFrom(bytes);
    }

    private static ModelInferRequest.Builder iris() {
        return ModelInferRequest.newBuilder().setModelName(TrainedModels.IRIS);
    }

    private JsonNode rest() {
        return client.post(
                        "/v2/models/" + TrainedModels.IRIS + "/infer",
                        """
                        {"inputs": [{"name": "input", "shape": [2, 4], "datatype": "FP32",
                                     "data": [5.1, 3.5, 1.4, 0.2, 6.3, 2.9, 5.6, 1.8]}]}
                        """)
                .json();
    }

    private static void assertStatus(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call,
            Status.Code code,
            String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> {
                            assertThat(e.getStatus().getCode()).isEqualTo(code);
                            String description = String.valueOf(e.getStatus().getDescription());
                            List.of(words).forEach(word -> assertThat(description).contains(word));
                        });
    }

    @Test
    void aProcessThatOnlyWorksOpensNoPort() {
        var place =
                new GrpcPlace(
                        new GrpcSettings(0, DataSize.ofMegabytes(16)),
                        new ProcessRoles(false, true),
                        Duration.ofSeconds(1));
        var idle =
                new GrpcServer(
                        place,
                        service,
                        context.getBean(Credentials.class),
                        context.getBean(GrpcAdmission.class));

        idle.start();

        assertThat(idle.isRunning()).isFalse();
        assertThat(idle.port()).isEqualTo(-1);
    }

    @Test
    void anAliasIsAskedAsAModelIs() {
        client.send(
                "PUT",
                "/v1/models/" + TrainedModels.IRIS + "/aliases/grpc",
                HttpRequest.BodyPublishers.ofString("{\"version\": 1}"),
                "Content-Type",
                "application/json");
        String alias = TrainedModels.IRIS + "@grpc";

        ModelInferResponse response =
                infer(
                        ModelInferRequest.newBuilder()
                                .setModelName(alias)
                                .putParameters(
                                        "routing_key",
                                        InferParameter.newBuilder()
                                                .setStringParam("user-1")
                                                .build())
                                .addInputs(flowers().setContents(contents()))
                                .build());

        assertThat(response.getModelName()).isEqualTo(alias);
        assertThat(response.getModelVersion()).isEqualTo("1");
        assertThat(
                        call(
                                        "ModelMetadata",
                                        Wire.ModelMetadataRequest.newBuilder()
                                                .setName(alias)
                                                .build(),
                                        Wire.ModelMetadataResponse.getDefaultInstance())
                                .getVersionsList())
                .containsExactly("1");
        assertThat(
                        call(
                                        "ModelReady",
                                        Wire.ModelReadyRequest.newBuilder()
                                                .setName(TrainedModels.IRIS + "@none")
                                                .build(),
                                        Wire.ModelReadyResponse.getDefaultInstance())
                                .getReady())
                .isFalse();
        call(
                "RepositoryModelLoad",
                Wire.RepositoryModelLoadRequest.newBuilder().setModelName(alias).build(),
                Wire.RepositoryModelLoadResponse.getDefaultInstance());
    }

    @Test
    void theServerIsLiveAndReadyAndSaysWhatItIs() {
        assertThat(
                        call(
                                        "ServerLive",
                                        Wire.ServerLiveRequest.getDefaultInstance(),
                                        Wire.ServerLiveResponse.getDefaultInstance())
                                .getLive())
                .isTrue();
        assertThat(
                        call(
                                        "ServerReady",
                                        Wire.ServerReadyRequest.getDefaultInstance(),
                                        Wire.ServerReadyResponse.getDefaultInstance())
                                .getReady())
                .isTrue();
        assertThat(
                        call(
                                        "ServerMetadata",
                                        Wire.ServerMetadataRequest.getDefaultInstance(),
                                        Wire.ServerMetadataResponse.getDefaultInstance())
                                .getExtensionsList())
                .contains("binary_tensor_data");
        assertThat(
                        HealthGrpc.newBlockingStub(channel)
                                .check(
                                        HealthCheckRequest.newBuilder()
                                                .setService(GrpcService.NAME)
                                                .build())
                                .getStatus())
                .isEqualTo(ServingStatus.SERVING);
    }

    /** So clients such as grpcurl need no file of messages. */
    @Test
    void reflectionTellsTheService() {
        var answer = new CompletableFuture<ServerReflectionResponse>();
        var requests =
                ServerReflectionGrpc.newStub(channel)
                        .serverReflectionInfo(
                                new StreamObserver<>() {
                                    @Override
                                    public void onNext(ServerReflectionResponse response) {
                                        answer.complete(response);
                                    }

                                    @Override
                                    public void onError(Throwable e) {
                                        answer.completeExceptionally(e);
                                    }

                                    @Override
                                    public void onCompleted() {}
                                });
        requests.onNext(
                ServerReflectionRequest.newBuilder()
                        .setFileContainingSymbol(GrpcService.NAME)
                        .build());

        assertThat(answer.orTimeout(30, TimeUnit.SECONDS).join().getFileDescriptorResponse())
                .extracting(found -> found.getFileDescriptorProto(0).toStringUtf8())
                .asString()
                .contains("ModelInfer");
        requests.onCompleted();
    }

    @Test
    void aModelHasTheTensorsThatItHasOverHttp() {
        var metadata =
                call(
                        "ModelMetadata",
                        Wire.ModelMetadataRequest.newBuilder().setName(TrainedModels.IRIS).build(),
                        Wire.ModelMetadataResponse.getDefaultInstance());

        assertThat(metadata.getPlatform()).isEqualTo("pytorch_torchscript");
        assertThat(metadata.getVersionsList()).containsExactly("1");
        assertThat(metadata.getInputs(0).getShapeList()).containsExactly(-1L, 4L);
        assertThat(metadata.getOutputsList())
                .extracting(Wire.ModelMetadataResponse.TensorMetadata::getDatatype)
                .containsExactly("FP32", "BYTES", "INT64");
    }

    @Test
    void contentsOfTheirTypeAreAnsweredWithSuch() {
        JsonNode rest = rest();

        ModelInferResponse answer =
                infer(iris().setId("7").addInputs(flowers().setContents(contents())).build());

        assertThat(answer.getModelName()).isEqualTo(TrainedModels.IRIS);
        assertThat(answer.getModelVersion()).isEqualTo("1");
        assertThat(answer.getId()).isEqualTo("7");
        assertThat(answer.getRawOutputContentsCount()).isZero();
        assertThat(answer.getOutputs(0).getContents().getFp32ContentsList())
                .hasSize(6)
                .first()
                .isEqualTo(rest.at("/outputs/0/data/0").floatValue());
        assertThat(answer.getOutputs(1).getContents().getBytesContentsList())
                .extracting(ByteString::toStringUtf8)
                .containsExactly("setosa", "virginica");
        assertThat(answer.getOutputs(2).getContents().getInt64ContentsList())
                .containsExactly(0L, 2L);
    }

    @Test
    void rawContentsAreAnsweredWithSuch() {
        ModelInferResponse answer =
                infer(
                        iris().setModelVersion("1")
                                .addInputs(flowers())
                                .addRawInputContents(raw())
                                .addOutputs(
                                        InferRequestedOutputTensor.newBuilder().setName("label"))
                                .addOutputs(
                                        InferRequestedOutputTensor.newBuilder()
                                                .setName("probabilities"))
                                .build());

        assertThat(answer.getOutputsList()).noneMatch(output -> output.hasContents());
        assertThat(answer.getRawOutputContents(0).toStringUtf8())
                .isEqualTo("\6\0\0\0setosa\11\0\0\0virginica");
        assertThat(
                        answer.getRawOutputContents(1)
                                .asReadOnlyByteBuffer()
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getFloat())
                .isEqualTo(rest().at("/outputs/0/data/0").floatValue());
    }

    @Test
    void wholeNumbersBeyondDoublesTextsAndBooleansArriveAsTheyAre() {
        var account =
                InferInputTensor.newBuilder()
                        .setName("account")
                        .setDatatype("INT64")
                        .addAllShape(List.of(2L, 1L))
                        .setContents(
                                InferTensorContents.newBuilder()
                                        .addInt64Contents(9007199254740993L)
                                        .addInt64Contents(9007199254740992L));
        var city =
                InferInputTensor.newBuilder()
                        .setName("city")
                        .setDatatype("BYTES")
                        .addAllShape(List.of(2L, 1L))
                        .setContents(
                                InferTensorContents.newBuilder()
                                        .addBytesContents(ByteString.copyFromUtf8("Zürich"))
                                        .addBytesContents(ByteString.copyFromUtf8("Bern")));
        var member =
                InferInputTensor.newBuilder()
                        .setName("member")
                        .setDatatype("BOOL")
                        .addAllShape(List.of(2L, 1L))
                        .setContents(
                                InferTensorContents.newBuilder()
                                        .addBoolContents(true)
                                        .addBoolContents(false));
        var size =
                InferInputTensor.newBuilder()
                        .setName("size")
                        .setDatatype("UINT8")
                        .addAllShape(List.of(2L, 1L))
                        .setContents(
                                InferTensorContents.newBuilder()
                                        .addUintContents(3)
                                        .addUintContents(4));

        ModelInferResponse answer =
                infer(
                        ModelInferRequest.newBuilder()
                                .setModelName(TrainedModels.ACCOUNTS)
                                .addInputs(account)
                                .addInputs(city)
                                .addInputs(member)
                                .addInputs(size)
                                .addOutputs(
                                        InferRequestedOutputTensor.newBuilder().setName("label"))
                                .build());

        assertThat(answer.getOutputs(0).getContents().getBytesContentsList())
                .extracting(ByteString::toStringUtf8)
                .containsExactly("yes", "no");
    }

    @Test
    void errorsHaveTheWordsThatTheyHaveOverHttp() {
        String path = "/v2/models/" + TrainedModels.IRIS;

        assertStatus(
                () -> infer(iris().setModelName("v2-nobody").build()),
                Status.Code.NOT_FOUND,
                client.post("/v2/models/v2-nobody/infer", "{}").json().get("error").stringValue());
        assertStatus(
                () -> infer(iris().setModelVersion("9").build()),
                Status.Code.NOT_FOUND,
                client.get(path + "/versions/9").json().get("error").stringValue());
        assertStatus(
                () ->
                        infer(
                                iris().addInputs(flowers().setName("y").setContents(contents()))
                                        .build()),
                Status.Code.INVALID_ARGUMENT,
                client.post(
                                path + "/infer",
                                """
                                {"inputs": [{"name": "y", "shape": [1], "datatype": "FP32", "data": [1]}]}
                                """)
                        .json()
                        .get("error")
                        .stringValue());
    }

    @Test
    void contentsThatAreNotWhatTheShapeSaysAreRefused() {
        assertStatus(
                () -> infer(iris().addInputs(flowers()).build()),
                Status.Code.INVALID_ARGUMENT,
                "8 elements of 4 bytes, got 0");
        assertStatus(
                () ->
                        infer(
                                iris().addInputs(flowers())
                                        .addRawInputContents(raw().substring(1))
                                        .build()),
                Status.Code.INVALID_ARGUMENT,
                "got 31 bytes");
        assertStatus(
                () ->
                        infer(
                                iris().addInputs(flowers())
                                        .addRawInputContents(raw())
                                        .addRawInputContents(raw())
                                        .build()),
                Status.Code.INVALID_ARGUMENT,
                "raw_input_contents",
                "1 inputs, got 2");
        assertStatus(
                () ->
                        infer(
                                iris().addInputs(flowers().setContents(contents()))
                                        .addRawInputContents(raw())
                                        .build()),
                Status.Code.INVALID_ARGUMENT,
                "beside raw_input_contents");
        assertStatus(
                () ->
                        infer(
                                iris().addInputs(
                                                flowers()
                                                        .setDatatype("FP64")
                                                        .setContents(contents()))
                                        .build()),
                Status.Code.INVALID_ARGUMENT,
                "contents of another datatype");
        assertStatus(
                () ->
                        infer(
                                iris().addInputs(
                                                flowers()
                                                        .setDatatype("INT8")
                                                        .setContents(
                                                                InferTensorContents.newBuilder()
                                                                        .addIntContents(128)))
                                        .build()),
                Status.Code.INVALID_ARGUMENT,
                "element 0",
                "INT8",
                "128");
        assertStatus(
                () ->
                        infer(
                                iris().addInputs(
                                                flowers()
                                                        .clearShape()
                                                        .addAllShape(List.of(1L << 62, 4L))
                                                        .setContents(contents()))
                                        .build()),
                Status.Code.INVALID_ARGUMENT,
                "more elements than can be");
        assertStatus(
                () ->
                        infer(
                                iris().putParameters(
                                                "priority",
                                                InferParameter.newBuilder()
                                                        .setStringParam("high")
                                                        .build())
                                        .build()),
                Status.Code.INVALID_ARGUMENT,
                "parameters/priority",
                "whole number");
    }

    @Test
    void aMessageThatIsTooLargeIsRefused() {
        assertStatus(
                () ->
                        infer(
                                iris().addInputs(flowers())
                                        .addRawInputContents(
                                                ByteString.copyFrom(new byte[(16 << 20) + 1]))
                                        .build()),
                Status.Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void modelsAreLoadedListedAndUnloaded() {
        var load = Wire.RepositoryModelLoadRequest.newBuilder().setModelName(TrainedModels.CANCER);
        call(
                "RepositoryModelLoad",
                load.build(),
                Wire.RepositoryModelLoadResponse.getDefaultInstance());
        assertThat(state()).isEqualTo("READY");

        call(
                "RepositoryModelUnload",
                Wire.RepositoryModelUnloadRequest.newBuilder()
                        .setModelName(TrainedModels.CANCER)
                        .build(),
                Wire.RepositoryModelUnloadResponse.getDefaultInstance());
        assertThat(state()).isEqualTo("UNAVAILABLE");
    }

    private String state() {
        return call(
                        "RepositoryIndex",
                        Wire.RepositoryIndexRequest.getDefaultInstance(),
                        Wire.RepositoryIndexResponse.getDefaultInstance())
                .getModelsList()
                .stream()
                .filter(model -> model.getName().equals(TrainedModels.CANCER))
                .findFirst()
                .orElseThrow()
                .getState();
    }

    @Test
    void whereThereAreKeysACallShowsOne() throws IOException {
        Server guarded =
                NettyServerBuilder.forPort(0)
                        .intercept(new GrpcKeys(Credentials.of(List.of("me:0123456789abcdef"))))
                        .addService(service)
                        .build()
                        .start();
        ManagedChannel to = channel(guarded.getPort());
        try {
            var metadata = Wire.ServerMetadataRequest.getDefaultInstance();
            var answer = Wire.ServerMetadataResponse.getDefaultInstance();

            assertThat(
                            call(
                                            to,
                                            "ServerLive",
                                            Wire.ServerLiveRequest.getDefaultInstance(),
                                            Wire.ServerLiveResponse.getDefaultInstance())
                                    .getLive())
                    .isTrue();
            assertStatus(
                    () -> call(to, "ServerMetadata", metadata, answer),
                    Status.Code.UNAUTHENTICATED,
                    "This needs a key");
            assertStatus(
                    () -> call(with(to, "Bearer wrong"), "ServerMetadata", metadata, answer),
                    Status.Code.UNAUTHENTICATED,
                    "no valid key");
            assertThat(
                            call(
                                            with(to, "Bearer 0123456789abcdef"),
                                            "ServerMetadata",
                                            metadata,
                                            answer)
                                    .getName())
                    .isEqualTo("hearth");
        } finally {
            to.shutdownNow();
            guarded.shutdownNow();
        }
    }

    private static Channel with(Channel channel, String authorization) {
        var headers = new Metadata();
        headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
        return io.grpc.ClientInterceptors.intercept(
                channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }
}
