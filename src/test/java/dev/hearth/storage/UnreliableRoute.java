package dev.hearth.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Leads to a server, and answers some connections itself with 503, or cuts answers off. */
final class UnreliableRoute implements AutoCloseable {

    private static final byte[] BUSY =
            "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final URI server;
    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger failing = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger parts = new AtomicInteger();
    private final AtomicLong cutAfter = new AtomicLong(Long.MAX_VALUE);

    private UnreliableRoute(URI server, ServerSocket listening) {
        this.server = server;
        this.listening = listening;
    }

    static UnreliableRoute to(URI server) throws IOException {
        var route =
                new UnreliableRoute(
                        server, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(route::accept);
        return route;
    }

    String endpoint() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    /** The next connections are answered with 503; those that are open end. */
    void failNext(int connections) throws IOException {
        failing.set(connections);
        for (var client : open) {
            client.close();
        }
    }

    /** The next answer that is longer ends after so many bytes. */
    void cutNextAnswerAfter(long bytes) {
        cutAfter.set(bytes);
    }

    /** How many connections were answered with 503. */
    int refused() {
        return refused.get();
    }

    /** How many parts of objects were sent. */
    int parts() {
        return parts.get();
    }

    private void accept() {
        try {
            while (true) {
                var client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (SocketException e) {
            // Closed: the test is over.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(Socket client) {
        open.add(client);
        try (client) {
            if (failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                refused.incrementAndGet();
                readHead(client.getInputStream());
                client.getOutputStream().write(BUSY);
                client.shutdownOutput();
                // Else what is unread would reset the connection before the answer is read.
                client.getInputStream().transferTo(OutputStream.nullOutputStream());
                return;
            }
            try (var upstream = new Socket(server.getHost(), server.getPort())) {
                Thread.ofVirtual().start(() -> pass(client, upstream));
                answer(upstream, client);
            }
        } catch (IOException e) {
            // One of the two has hung up, which is what routes are like.
        } finally {
            open.remove(client);
        }
    }

    private static void readHead(InputStream in) throws IOException {
        var tail = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            tail = tail << 8 | next;
            if (tail == 0x0d0a0d0a) {
                return;
            }
        }
    }

    private void pass(Socket from, Socket to) {
        try {
            var buffer = new byte[1 << 13];
            var in = from.getInputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                // A request's head comes in one piece, since the answer before it was awaited.
                if (new String(buffer, 0, read, StandardCharsets.ISO_8859_1)
                        .contains("partNumber=")) {
                    parts.incrementAndGet();
                }
                to.getOutputStream().write(buffer, 0, read);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            // As above.
        }
    }

    private void answer(Socket from, Socket to) throws IOException {
        var buffer = new byte[1 << 13];
        long passed = 0;
        var in = from.getInputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            passed += read;
            if (passed > cutAfter.get()) {
                cutAfter.set(Long.MAX_VALUE);
                return;
            }
            to.getOutputStream().write(buffer, 0, read);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
