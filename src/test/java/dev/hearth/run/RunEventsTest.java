package dev.hearth.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import dev.hearth.problem.ProblemException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A run's events over HTTP: as a page, and as they happen. */
@HearthTest
class RunEventsTest {

    private static final String STREAM = "text/event-stream";

    @Autowired Client client;
    @Autowired MeterRegistry meters;
    @Autowired RunPulses pulses;
    @Autowired RunTable table;
    @Autowired JsonMapper json;

    @Value("${local.server.port}")
    int port;

    private Service service;
    private String iris;

    @BeforeEach
    void upload() {
        service = new Service(client);
        iris = service.uploadSample("iris");
    }

    @Test
    void aStreamTellsWhatThePageTellsAndEndsWithTheRun() {
        var run = service.submit(request(2000), iris);

        var stream = client.get(path(run), "Accept", STREAM);

        assertThat(stream.status()).isEqualTo(200);
        assertThat(stream.header("Content-Type")).startsWith(STREAM);
        assertThat(service.end(run).get("state").stringValue()).isEqualTo("succeeded");
        var page = client.get(path(run)).json().get("items").valueStream().toList();
        assertThat(data(stream.text()))
                .isEqualTo(page.stream().map(Object::toString).toList())
                .hasSizeGreaterThanOrEqualTo(4);
        assertThat(page.stream().map(event -> event.get("number").intValue()))
                .containsExactlyElementsOf(numbers(1, page.size()));
        assertThat(stream.text()).contains("event: progress\n");
    }

    @Test
    void aStreamGoesOnAfterTheLastEventThatTheClientHas() {
        var run = service.train(request(2), iris).get("id").stringValue();
        var whole = data(client.get(path(run), "Accept", STREAM).text());

        var rest = client.get(path(run), "Accept", STREAM, "Last-Event-ID", "2");
        var sameRest = client.get(path(run) + "?cursor=2", "Accept", STREAM);
        var end =
                client.get(
                        path(run), "Accept", STREAM, "Last-Event-ID", String.valueOf(whole.size()));

        assertThat(data(rest.text())).isEqualTo(whole.subList(2, whole.size()));
        assertThat(sameRest.text()).isEqualTo(rest.text());
        assertThat(end.status()).isEqualTo(204);
    }

    @Test
    void whatCannotBeStreamedIsAProblem() {
        var run = service.train(request(1), iris).get("id").stringValue();

        for (String id : List.of("x", "-1", "1.5", "9999999999999999999")) {
            var answer = client.get(path(run), "Accept", STREAM, "Last-Event-ID", id);
            assertThat(answer.status()).as(id).isEqualTo(400);
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        }
        assertThat(client.get(path(UUID.randomUUID().toString()), "Accept", STREAM).status())
                .isEqualTo(404);
        assertThat(client.get(path(run), "Accept", "image/png").status()).isEqualTo(406);
    }

    @Test
    void aClientThatLeavesFreesItsStreamAtOnce() throws IOException {
        var run = pausedRun();

        try (var socket = new Socket("localhost", port)) {
            socket.getOutputStream()
                    .write(
                            "GET %s HTTP/1.1\r\nHost: localhost\r\nAccept: %s\r\n\r\n"
                                    .formatted(path(run), STREAM)
                                    .getBytes(StandardCharsets.US_ASCII));
            var answer =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            await().until(() -> answer.readLine().equals("event: paused"));
            assertThat(streams()).isEqualTo(1);
        }

        await().until(() -> streams() == 0);
    }

    @Test
    void beyondTheMostStreamsAClientIsToldToComeBackAndAStopEndsThemAll() throws Exception {
        var streams =
                new EventStreams(
                        pulses, table, json, new SimpleMeterRegistry(), new EventSettings(1));
        var run = table.find(RunId.parse(pausedRun())).orElseThrow();
        var began = new CountDownLatch(1);
        var client = new EventStream.Client(_ -> began.countDown(), () -> false);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first =
                    threads.submit(() -> {
                        streams.stream(run, 0, client);
                        return null;
                    });
            began.await();

            assertThatThrownBy(() -> streams.stream(run, 0, client))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("hearth.events.max-streams");

            streams.stop();
            first.get();
            assertThatThrownBy(() -> streams.stream(run, 0, client))
                    .hasMessageContaining("stopping");
        }
    }

    @Test
    void aRunHasACurve() {
        var run = service.train(request(5), iris).get("id").stringValue();

        var answer = client.get("/v1/runs/" + run + "/curve.svg");

        assertThat(answer.header("Content-Type")).startsWith("image/svg+xml");
        assertThat(answer.text())
                .startsWith("<svg ")
                .contains(
                        "succeeded, epoch 5 of 5",
                        ">loss<",
                        ">accuracy<",
                        "training",
                        "validation");
        var other = client.get("/v1/runs/" + run + "/curve.svg?metric=beauty");
        assertThat(other.status()).isEqualTo(400);
        assertThat(other.text()).contains("accuracy");
    }

    private String pausedRun() {
        var run = service.submit(request(100_000), iris);
        client.post("/v1/runs/" + run + ":pause", "");
        service.await(run, view -> view.get("state").stringValue().equals("paused"));
        return run;
    }

    private double streams() {
        return meters.get("hearth.run.event.streams").gauge().value();
    }

    private static List<String> data(String stream) {
        var data = new ArrayList<String>();
        for (String message : stream.split("\n\n")) {
            if (message.startsWith("id: ")) {
                data.add(message.substring(message.indexOf("data: ") + "data: ".length()));
            }
        }
        return data;
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().toList();
    }

    private static String path(String run) {
        return "/v1/runs/" + run + "/events";
    }

    private static ObjectNode request(int epochs) {
        return (ObjectNode)
                JsonMapper.shared()
                        .readTree(
                                """
                                {"name": "events-%s", "target": "species", "seed": 7,
                                 "model": {"layers": [{"type": "Linear", "out_features": 3}]},
                                 "loss": "CrossEntropyLoss", "metrics": ["accuracy"],
                                 "optimizer": {"type": "Adam", "lr": 0.05}, "epochs": %d}
                                """
                                        .formatted(UUID.randomUUID(), epochs));
    }
}
