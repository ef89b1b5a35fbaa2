package dev.hearth.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.rpc.RetryInfo;
import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import dev.hearth.inference.wire.Wire.InferTensorContents;
import dev.hearth.inference.wire.Wire.ModelInferRequest;
import dev.hearth.inference.wire.Wire.ModelInferRequest.InferInputTensor;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.json.JsonMapper;

/** What clients are told when a model's queue is full, which the tests' settings make easy. */
@HearthTest
class OverloadTest {

    private static final String MODEL = "one-at-a-time";
    private static final String ROW =
            """
            {"rows": [{"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}]}\
            """;
    private static final String WAITING =
            "hearth_serving_queue_requests{model=\"" + MODEL + "\",version=\"1\"}";

    @Autowired Client client;
    @Autowired GrpcServer server;
    @Autowired GrpcService service;

    @Value("${local.server.port}")
    int port;

    private Socket waiting;

    /** One request waits for others to be computed with, and there is room for no other. */
    @BeforeEach
    void fillTheQueue() throws IOException {
        if (client.get("/v1/models/" + MODEL).status() != 200) {
            var trained = new Service(client);
            trained.train(
                    JsonMapper.shared()
                            .readTree(
                                    """
                                    {"name": "%s", "target": "species",
                                     "model": {"layers": [{"type": "Linear", "out_features": 3}]},
                                     "loss": "CrossEntropyLoss", "optimizer": {"type": "SGD", "lr": 0.01},
                                     "epochs": 1, "seed": 1}
                                    """
                                            .formatted(MODEL)),
                    trained.uploadSample("iris"));
        }
        alias("full", 1);
        waiting = new Socket("localhost", port);
        send(waiting, "/v1/models/" + MODEL + ":predict", ROW.length(), ROW);
        await().until(() -> client.get("/actuator/prometheus").text().contains(WAITING + " 1.0"));
    }

    @AfterEach
    void hangUp() throws IOException {
        waiting.close();
        await().until(() -> client.get("/actuator/prometheus").text().contains(WAITING + " 0.0"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/models/one-at-a-time:predict",
                "/v1/models/one-at-a-time/versions/1:predict",
                "/v1/models/one-at-a-time@full:predict",
                "/v1/models/one-at-a-time@latest:predict",
                "/v2/models/one-at-a-time/infer",
                "/v2/models/one-at-a-time@full/infer",
                "/v2/models/one-at-a-time/versions/1/infer"
            })
    void aRequestToAFullQueueIsRefusedBeforeItsBodyIsSentAndItsConnectionGoesOn(String path)
            throws IOException {
        String body = " ".repeat(100_000);
        try (var socket = new Socket("localhost", port)) {
            send(socket, path, body.length(), "");
            var in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII));
            List<String> head = head(in);
            assertThat(head.getFirst()).startsWith("HTTP/1.1 503");
            assertThat(header(head, "Retry-After")).matches("[1-9]|[12]\\d|30");
            assertThat(header(head, "Connection")).isNotEqualTo("close");
            in.skip(Long.parseLong(header(head, "Content-Length")));

            socket.getOutputStream().write(body.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream()
                    .write(
                            "GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(head(in).getFirst()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aRefusalIsCountedAndOtherModelsAreNotAffected() {
        String refused =
                "hearth_serving_request_duration_seconds_count{model=\"%s\",outcome=\"overloaded\",version=\"1\"}"
                        .formatted(MODEL);
        double before = metric(refused);
        double all = metric("hearth_serving_rejections_total");

        var answer = client.post("/v1/models/" + MODEL + ":predict", ROW);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.json().get("type").stringValue()).endsWith(":overloaded");
        assertThat(metric(refused) - before).isEqualTo(1);
        assertThat(metric("hearth_serving_rejections_total") - all).isEqualTo(1);
        assertThat(client.post("/v1/models/not-there:predict", ROW).status()).isEqualTo(404);
    }

    @Test
    void aRefusalByAliasIsCountedForTheVersionThatIsFull() {
        String refused =
                "hearth_serving_request_duration_seconds_count{model=\"%s\",outcome=\"overloaded\",version=\"1\"}"
                        .formatted(MODEL);
        double before = metric(refused);
        double all = metric("hearth_serving_rejections_total");

        assertThat(client.post("/v1/models/" + MODEL + "@full:predict", ROW).status())
                .isEqualTo(503);

        assertThat(metric(refused) - before).isEqualTo(1);
        assertThat(metric("hearth_serving_rejections_total") - all).isEqualTo(1);
        assertThat(client.post("/v1/models/" + MODEL + "@none:predict", ROW).status())
                .isEqualTo(404);
        assertThat(client.post("/v1/models/" + MODEL + "@NO:predict", ROW).status()).isEqualTo(400);
    }

    private void alias(String name, int version) {
        var answer =
                client.send(
                        "PUT",
                        "/v1/models/%s/aliases/%s".formatted(MODEL, name),
                        BodyPublishers.ofString("{\"version\": %d}".formatted(version)),
                        "Content-Type",
                        "application/json");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }

    @Test
    void overGrpcARefusalTellsWhenToTryAgain() {
        var channel =
                NettyChannelBuilder.forAddress("localhost", server.port()).usePlaintext().build();
        try {
            @SuppressWarnings("unchecked")
            var infer =
                    (MethodDescriptor<ModelInferRequest, ?>)
                            service.bindService()
                                    .getMethod(GrpcService.NAME + "/ModelInfer")
                                    .getMethodDescriptor();
            var refused =
                    catchThrowableOfType(
                            StatusRuntimeException.class,
                            () ->
                                    ClientCalls.blockingUnaryCall(
                                            channel,
                                            infer,
                                            CallOptions.DEFAULT.withDeadlineAfter(
                                                    30, TimeUnit.SECONDS),
                                            request()));

            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            Metadata trailers = refused.getTrailers();
            assertThat(trailers).isNotNull();
            assertThat(
                            trailers.get(
                                    Metadata.Key.of(
                                            "grpc-retry-pushback-ms",
                                            Metadata.ASCII_STRING_MARSHALLER)))
                    .matches("[1-9]\\d*000");
            assertThat(
                            trailers.get(ProtoUtils.keyForProto(RetryInfo.getDefaultInstance()))
                                    .getRetryDelay()
                                    .getSeconds())
                    .isBetween(1L, 30L);
        } finally {
            channel.shutdownNow();
        }
    }

    private static ModelInferRequest request() {
        return ModelInferRequest.newBuilder()
                .setModelName(MODEL)
                .addInputs(
                        InferInputTensor.newBuilder()
                                .setName("input")
                                .setDatatype("FP32")
                                .addAllShape(List.of(1L, 4L))
                                .setContents(
                                        InferTensorContents.newBuilder()
                                                .addAllFp32Contents(
                                                        List.of(5.1f, 3.5f, 1.4f, 0.2f))))
                .build();
    }

    private double metric(String series) {
        return client.get("/actuator/prometheus")
                .text()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    private static void send(Socket socket, String path, int length, String body)
            throws IOException {
        String head =
                "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                        .formatted(path, length);
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
    }

    private static List<String> head(BufferedReader in) throws IOException {
        var lines = new ArrayList<String>();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            lines.add(line);
        }
        return lines;
    }

    private static String header(List<String> head, String name) {
        return head.stream()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElse("");
    }
}
