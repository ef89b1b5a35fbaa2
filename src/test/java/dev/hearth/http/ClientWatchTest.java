package dev.hearth.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.HearthTest;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

@HearthTest
class ClientWatchTest {

    @Autowired ProbeController probe;

    @Value("${local.server.port}")
    int port;

    @Test
    void aClientThatHangsUpIsSeenToBeGoneWhileItsRequestWaits() throws IOException {
        try (var socket = new Socket("localhost", port)) {
            socket.getOutputStream()
                    .write(
                            "GET /v1/probe/patient HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            await().until(() -> probe.waiting() != null);
            assertThat(requireNonNull(probe.waiting()).getAsBoolean()).isFalse();
        }
        try {
            await().until(() -> requireNonNull(probe.waiting()).getAsBoolean());
        } finally {
            probe.letGo();
        }
    }
}
