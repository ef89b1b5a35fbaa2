package dev.hearth.webhook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** Somebody who is told, on a port of this machine. */
final class Receiver implements AutoCloseable {

    /** What arrived; headers in lower case. */
    record Message(String path, Map<String, String> headers, String body) {

        /** Whether it is signed as Standard Webhooks has it. */
        boolean isSignedWith(String secret) {
            var expected =
                    new Secret(secret)
                            .sign(
                                    headers.getOrDefault("webhook-id", ""),
                                    Long.parseLong(headers.getOrDefault("webhook-timestamp", "0")),
                                    body);
            return expected.equals(headers.get("webhook-signature"));
        }
    }

    final List<Message> messages = new CopyOnWriteArrayList<>();
    volatile int status = 204;
    volatile String location = "";

    private final HttpServer server;

    Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::receive);
        server.start();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var headers =
                    exchange.getRequestHeaders().entrySet().stream()
                            .collect(
                                    Collectors.toMap(
                                            header -> header.getKey().toLowerCase(Locale.ROOT),
                                            header -> header.getValue().getFirst()));
            messages.add(new Message(exchange.getRequestURI().toString(), headers, body));
            if (!location.isEmpty()) {
                exchange.getResponseHeaders().set("Location", location);
            }
            exchange.sendResponseHeaders(status, -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
