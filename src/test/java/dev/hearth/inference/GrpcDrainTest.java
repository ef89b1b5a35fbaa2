package dev.hearth.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.hearth.Client;
import dev.hearth.HearthApplication;
import dev.hearth.Service;
import dev.hearth.TestClients;
import dev.hearth.TestEnvironment;
import dev.hearth.inference.wire.Wire.InferTensorContents;
import dev.hearth.inference.wire.Wire.ModelInferRequest;
import dev.hearth.inference.wire.Wire.ModelInferRequest.InferInputTensor;
import dev.hearth.inference.wire.Wire.ModelInferResponse;
import dev.hearth.serving.ModelReference;
import dev.hearth.serving.Rows;
import dev.hearth.serving.Serving;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/** A service of its own, since it is stopped while its clients ask without a pause. */
class GrpcDrainTest {

    /** Waits for a batch to be full, which is when the test says so. */
    private static final String PATIENT = "drain-patient";

    private static final String QUICK = "drain-quick";
    private static final int IN_FLIGHT = 5;
    private static final int CLIENTS = 8;
    private static final int FULL_BATCH = 64;

    @Test
    void underLoadWhatIsBeingAskedIsAnsweredWhatIsNewIsRefusedAndNothingIsLost() throws Exception {
        ConfigurableApplicationContext context =
                new SpringApplicationBuilder(HearthApplication.class, TestClients.class)
                        .initializers(new TestEnvironment())
                        .profiles("test")
                        .run(
                                "--server.port=0",
                                "--hearth.serving.models." + PATIENT + ".max-delay=10s",
                                "--hearth.serving.models."
                                        + PATIENT
                                        + ".max-batch-rows="
                                        + FULL_BATCH);
        var channels = new ArrayList<ManagedChannel>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            train(context);
            var calls = new Calls(context.getBean(GrpcService.class));
            int port = context.getBean(GrpcServer.class).port();
            IntStream.range(0, CLIENTS + 2).forEach(_ -> channels.add(channel(port)));
            // Once each, so that connections and versions are there.
            channels.forEach(channel -> calls.infer(channel, QUICK));
            Timer computed = computed(context, QUICK);
            long before = computed.count();
            var serving = context.getBean(Serving.class);
            var patient = serving.choose(ModelReference.of(PATIENT, null), Optional.empty());
            serving.load(patient.version());

            var inFlight = new ArrayList<Future<ModelInferResponse>>();
            for (int i = 0; i < IN_FLIGHT; i++) {
                inFlight.add(threads.submit(() -> calls.infer(channels.get(CLIENTS), PATIENT)));
            }
            String waiting =
                    "hearth_serving_queue_requests{model=\"%s\",version=\"1\"} %d.0"
                            .formatted(PATIENT, IN_FLIGHT);
            await().until(() ->
                    context.getBean(Client.class)
                            .get("/actuator/prometheus")
                            .text()
                            .contains(waiting));
            var answered = new AtomicLong();
            var refusals = new ArrayList<Future<Status.Code>>();
            for (int i = 0; i < CLIENTS; i++) {
                ManagedChannel channel = channels.get(i);
                refusals.add(threads.submit(() -> askUntilRefused(calls, channel, answered)));
            }
            await().until(() -> answered.get() > 10 * CLIENTS);

            var closing = CompletableFuture.runAsync(context::close);

            for (Future<Status.Code> refusal : refusals) {
                assertThat(refusal.get(30, TimeUnit.SECONDS)).isEqualTo(Status.Code.UNAVAILABLE);
            }
            assertThat(refused(calls, channels.get(CLIENTS + 1)))
                    .isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(inFlight).noneMatch(Future::isDone);
            assertThat(closing).isNotDone();
            serving.outputs(
                    patient,
                    new Rows.OfTable(new double[FULL_BATCH * 4], FULL_BATCH),
                    new Serving.Waiting(Optional.of(Duration.ofSeconds(10)), 0, () -> false));
            for (Future<ModelInferResponse> each : inFlight) {
                ModelInferResponse answer = each.get(30, TimeUnit.SECONDS);
                assertThat(answer.getModelName()).isEqualTo(PATIENT);
                assertThat(answer.getOutputsList()).isNotEmpty();
            }
            closing.get(60, TimeUnit.SECONDS);
            // What was computed has reached its client.
            assertThat(answered.get()).isEqualTo(computed.count() - before);
        } finally {
            channels.forEach(ManagedChannel::shutdownNow);
            context.close();
        }
    }

    private static void train(ConfigurableApplicationContext context) {
        var service = new Service(context.getBean(Client.class));
        String iris = service.uploadSample("iris");
        for (String name : List.of(PATIENT, QUICK)) {
            service.train(
                    JsonMapper.shared()
                            .readTree(
                                    """
                                    {"name": "%s", "target": "species",
                                     "model": {"layers": [{"type": "Linear", "out_features": 3}]},
                                     "loss": "CrossEntropyLoss", "optimizer": {"type": "SGD", "lr": 0.01},
                                     "epochs": 1, "seed": 1}
                                    """
                                            .formatted(name)),
                    iris);
        }
    }

    private static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build();
    }

    private static Timer computed(ConfigurableApplicationContext context, String model) {
        return context.getBean(MeterRegistry.class)
                .get("hearth.serving.request.duration")
                .tag("model", model)
                .tag("outcome", "success")
                .timer();
    }

    /** Asks without a pause; answers how it was refused. */
    private static Status.Code askUntilRefused(Calls calls, Channel channel, AtomicLong answered) {
        while (true) {
            try {
                calls.infer(channel, QUICK);
                answered.incrementAndGet();
            } catch (StatusRuntimeException e) {
                return e.getStatus().getCode();
            }
        }
    }

    private static Status.Code refused(Calls calls, Channel channel) {
        return catchThrowableOfType(StatusRuntimeException.class, () -> calls.infer(channel, QUICK))
                .getStatus()
                .getCode();
    }

    /** By the service's own descriptor. */
    private record Calls(GrpcService service) {

        @SuppressWarnings("unchecked")
        ModelInferResponse infer(Channel channel, String model) {
            var descriptor =
                    (MethodDescriptor<ModelInferRequest, ModelInferResponse>)
                            service.bindService()
                                    .getMethod(GrpcService.NAME + "/ModelInfer")
                                    .getMethodDescriptor();
            return ClientCalls.blockingUnaryCall(
                    channel,
                    descriptor,
                    CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
                    ModelInferRequest.newBuilder()
                            .setModelName(model)
                            .addInputs(
                                    InferInputTensor.newBuilder()
                                            .setName("input")
                                            .setDatatype("FP32")
                                            .addAllShape(List.of(1L, 4L))
                                            .setContents(
                                                    InferTensorContents.newBuilder()
                                                            .addAllFp32Contents(
                                                                    Collections.nCopies(4, 1f))))
                            .build());
        }
    }
}
