package dev.hearth.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages over HTTP. */
class PinnedPostTest {

    private static final Destinations HERE = new Destinations(List.of("127.0.0.1"));

    private final Post post = new PinnedPost(HERE, Duration.ofSeconds(10));

    @Test
    void aMessageArrivesAsItIs() throws IOException {
        try (var receiver = new Receiver()) {
            int status =
                    post.send(
                            URI.create(receiver.url("/hooks/a%20b?x=1&y=%2F")),
                            Map.of("webhook-id", "msg_1"),
                            "{\"ü\": 1}");

            assertThat(status).isEqualTo(204);
            assertThat(receiver.messages)
                    .singleElement()
                    .satisfies(message -> {
                        assertThat(message.path()).isEqualTo("/hooks/a%20b?x=1&y=%2F");
                        assertThat(message.body()).isEqualTo("{\"ü\": 1}");
                        assertThat(message.headers())
                                .containsEntry("webhook-id", "msg_1")
                                .containsEntry("content-type", "application/json")
                                .containsKey("host");
                    });
        }
    }

    @Test
    void aRedirectIsAnAnswerLikeAnyOther() throws IOException {
        try (var receiver = new Receiver()) {
            receiver.status = 307;
            receiver.location = receiver.url("/elsewhere");

            assertThat(post.send(URI.create(receiver.url("/")), Map.of(), "{}")).isEqualTo(307);
            assertThat(receiver.messages).hasSize(1);
        }
    }

    @Test
    void nobodyThereIsAnError() throws IOException {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        assertThatThrownBy(() ->
                        post.send(URI.create("http://127.0.0.1:" + port + "/"), Map.of(), "{}"))
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK",
                "SSH-2.0-OpenSSH_9\r\n",
                "HTTP/2 200\r\n",
                "HTTP/1.1 99999 OK\r\n",
                "HTTP/1.1 103 Early Hints\r\nLink: x\r\n"
            })
    void whatIsNoAnswerIsAnError(String answer) throws IOException {
        try (var server = answering(answer, true)) {
            assertThatThrownBy(() -> post.send(url(server), Map.of(), "{}"))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void whatOnlyAnnouncesAnAnswerIsNoAnswer() throws IOException {
        try (var server =
                answering(
                        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
                        true)) {
            assertThat(post.send(url(server), Map.of(), "{}")).isEqualTo(200);
        }
    }

    @Test
    void whoDoesNotAnswerInTimeHasNotAnswered() throws IOException {
        var hasty = new PinnedPost(HERE, Duration.ofMillis(200));
        try (var server = answering("HTTP/1.1 ", false)) {
            assertThatThrownBy(() -> hasty.send(url(server), Map.of(), "{}"))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("PT0.2S");
        }
    }

    private static URI url(ServerSocket server) {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
    }

    /** Answers one connection, and then closes it, or leaves it open until its other end goes. */
    private static ServerSocket answering(String answer, boolean closes) throws IOException {
        var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofVirtual()
                .start(() -> {
                    try (var connection = server.accept()) {
                        var in = connection.getInputStream();
                        // The whole request, whose body is {}.
                        for (int c = in.read(); c != '}'; c = in.read()) {
                            if (c < 0) {
                                return;
                            }
                        }
                        connection
                                .getOutputStream()
                                .write(answer.getBytes(StandardCharsets.US_ASCII));
                        if (!closes && in.read() >= 0) {
                            throw new IllegalStateException("more than one request");
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        return server;
    }
}
