package dev.hearth.kill;

import java.io.ByteArrayOutputStream;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Leads to an HTTP server, one request a connection, and answers chosen requests itself: 500. */
final class FaultyRoute implements AutoCloseable {

    private static final byte[] ERROR =
            "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final Pattern CONNECTION = Pattern.compile("(?im)^connection:.*\r\n");

    private final URI server;
    private final ServerSocket listening;
    private final AtomicInteger failed = new AtomicInteger();
    private volatile Predicate<String> failing = _ -> false;

    private FaultyRoute(URI server, ServerSocket listening) {
        this.server = server;
        this.listening = listening;
    }

    static FaultyRoute to(URI server) throws IOException {
        var route =
                new FaultyRoute(server, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(route::accept);
        return route;
    }

    String endpoint() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    /**
     * Answers 500 from now on.
     *
     * @param requests those whose first line, such as {@code PUT /bucket/key HTTP/1.1}, is chosen
     */
    void fail(Predicate<String> requests) {
        failed.set(0);
        failing = requests;
    }

    /** How many requests were answered with 500 since {@link #fail} was called. */
    int failed() {
        return failed.get();
    }

    private void accept() {
        try {
            while (true) {
                var client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (SocketException e) {
            // Closed: the bench is over.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(Socket client) {
        try (client) {
            String head = head(client.getInputStream());
            if (failing.test(head.substring(0, Math.max(0, head.indexOf("\r\n"))))) {
                failed.incrementAndGet();
                client.getOutputStream().write(ERROR);
                client.shutdownOutput();
                // Else what is unread would reset the connection before the answer is read.
                client.getInputStream().transferTo(OutputStream.nullOutputStream());
                return;
            }
            try (var upstream = new Socket(server.getHost(), server.getPort())) {
                upstream.getOutputStream().write(onlyOne(head));
                Thread.ofVirtual().start(() -> pass(client, upstream));
                upstream.getInputStream().transferTo(client.getOutputStream());
            }
        } catch (IOException e) {
            // One of the two has hung up, which is what routes are like.
        }
    }

    /** The head of a request that ends its connection, which is not among what is signed. */
    private static byte[] onlyOne(String head) {
        String without = CONNECTION.matcher(head).replaceAll("");
        return without.replaceFirst("\r\n", "\r\nConnection: close\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        int tail = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.write(next);
            tail = tail << 8 | next;
            if (tail == 0x0d0a0d0a) {
                break;
            }
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // As above.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
