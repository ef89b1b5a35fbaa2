package dev.hearth.serving;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.torchscript.ServingProgram;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/**
 * What a request costs beyond the call of libtorch that it is about: a row of iris on one
 * connection, in turns with the bare call. {@code bench/overhead.sh} runs it.
 */
@HearthTest
class OverheadBench {

    private static final int ROUNDS = 100;
    private static final int CALLS = 200;
    private static final byte[] BODY =
            "{\"rows\": [[5.1, 3.5, 1.4, 0.2]]}".getBytes(StandardCharsets.UTF_8);

    @Autowired Client client;
    @LocalServerPort int port;

    @Test
    void aRowOfIris() throws IOException {
        new IrisVersions(client, "overhead").train();
        byte[] archive =
                client.get("/v1/models/overhead/versions/1/files/model.torchscript.pt").body();
        double[] row = {5.1, 3.5, 1.4, 0.2};
        var bare = new double[ROUNDS * CALLS];
        var asked = new double[ROUNDS * CALLS];
        try (var program = ServingProgram.load(archive, "cpu");
                var socket = new Socket("localhost", port)) {
            socket.setTcpNoDelay(true);
            var in = new BufferedInputStream(socket.getInputStream());
            for (int round = -ROUNDS / 2; round < ROUNDS; round++) { // the first ones warm up
                for (int call = 0; call < CALLS; call++) {
                    long begin = System.nanoTime();
                    program.predict(row, 1);
                    note(bare, round, call, begin);
                }
                for (int call = 0; call < CALLS; call++) {
                    long begin = System.nanoTime();
                    post(socket, in);
                    note(asked, round, call, begin);
                }
            }
        }
        Arrays.sort(bare);
        Arrays.sort(asked);
        List<String> table =
                List.of(
                        "| of a row of iris, on one connection | p50, µs | p99, µs |",
                        "| --- | --- | --- |",
                        line("the bare call of libtorch", at(bare, 50), at(bare, 99)),
                        line("the request, as its client sees it", at(asked, 50), at(asked, 99)),
                        line(
                                "the difference",
                                at(asked, 50) - at(bare, 50),
                                at(asked, 99) - at(bare, 99)));
        table.forEach(System.out::println);
        Files.write(Path.of("target/overhead.md"), table);
    }

    private static void note(double[] into, int round, int call, long begin) {
        if (round >= 0) {
            into[round * CALLS + call] = (System.nanoTime() - begin) / 1e3;
        }
    }

    private static double at(double[] sorted, int percent) {
        return sorted[sorted.length * percent / 100];
    }

    private static String line(String what, double half, double most) {
        return String.format(Locale.ROOT, "| %s | %.0f | %.0f |", what, half, most);
    }

    private static void post(Socket socket, InputStream in) throws IOException {
        String head =
                "POST /v1/models/overhead/versions/1:predict HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                                .formatted(BODY.length);
        var request = new byte[head.length() + BODY.length];
        System.arraycopy(head.getBytes(StandardCharsets.US_ASCII), 0, request, 0, head.length());
        System.arraycopy(BODY, 0, request, head.length(), BODY.length);
        socket.getOutputStream().write(request);
        String status = line(in);
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        byte[] answer = in.readNBytes(length);
        if (!status.contains(" 200")) {
            throw new IOException(status + new String(answer, StandardCharsets.UTF_8));
        }
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection was closed");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
