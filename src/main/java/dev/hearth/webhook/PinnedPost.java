package dev.hearth.webhook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages over HTTP/1.1 to the very address that was found to be allowed, which the JDK's
 * own client cannot be told: it would look the host up again. Of the answer only the status is
 * read, so no redirect is followed, and nothing of it can be seen by whoever chose the address.
 *
 * @param timeout of all of it together
 */
record PinnedPost(Destinations destinations, Duration timeout) implements Post {

    private static final Logger log = LoggerFactory.getLogger(PinnedPost.class);
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-9]\\d\\d)(?: .*)?");
    private static final int MOST_LINE_BYTES = 8192;
    private static final int MOST_LINES = 100;

    @Override
    public int send(URI url, Map<String, String> headers, String body) throws IOException {
        InetSocketAddress address = destinations.address(url);
        var done = new CountDownLatch(1);
        var isLate = new AtomicBoolean();
        try (var socket = new Socket()) {
            Thread.ofVirtual().start(() -> closeWhenLate(socket, done, isLate));
            socket.connect(address, Math.toIntExact(timeout.toMillis()));
            return exchange(
                    Destinations.isSecure(url) ? secured(socket, url) : socket, url, headers, body);
        } catch (IOException e) {
            if (isLate.get()) {
                var late = new SocketTimeoutException("no answer within " + timeout);
                late.initCause(e);
                throw late;
            }
            throw e;
        } finally {
            done.countDown();
        }
    }

    /** Whoever drips one byte after the other is late, too. */
    private void closeWhenLate(Socket socket, CountDownLatch done, AtomicBoolean isLate) {
        try {
            if (!done.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                isLate.set(true);
                socket.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            log.debug("A connection that is late could not be closed", e);
        }
    }

    private static Socket secured(Socket socket, URI url) throws IOException {
        var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        var secure =
                (SSLSocket)
                        factory.createSocket(
                                socket, Destinations.host(url), socket.getPort(), true);
        var parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    private static int exchange(Socket socket, URI url, Map<String, String> headers, String body)
            throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        var head = new StringBuilder();
        head.append("POST ").append(path(url)).append(" HTTP/1.1\r\n");
        header(
                head,
                "Host",
                url.getPort() > 0 ? url.getHost() + ":" + url.getPort() : url.getHost());
        header(head, "User-Agent", "Hearth");
        header(head, "Connection", "close");
        header(head, "Content-Type", "application/json");
        header(head, "Content-Length", String.valueOf(content.length));
        headers.forEach((name, value) -> header(head, name, value));
        head.append("\r\n");
        var request = new ByteArrayOutputStream();
        request.writeBytes(head.toString().getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(content);
        request.writeTo(socket.getOutputStream());
        socket.getOutputStream().flush();
        return status(socket.getInputStream());
    }

    private static void header(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }

    private static String path(URI url) {
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    }

    /** Of the answer itself, after any that only announce it. */
    private static int status(InputStream in) throws IOException {
        int status = statusLine(in);
        for (int lines = 0; status < 200; lines++) {
            if (lines > MOST_LINES) {
                throw new IOException("the answer does not come to its point");
            }
            if (line(in).isEmpty()) {
                status = statusLine(in);
            }
        }
        return status;
    }

    private static int statusLine(InputStream in) throws IOException {
        String line = line(in);
        var status = STATUS.matcher(line);
        if (!status.matches()) {
            throw new IOException("the answer is not HTTP/1.1");
        }
        return Integer.parseInt(status.group(1));
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection was closed without an answer");
            }
            if (line.length() >= MOST_LINE_BYTES) {
                throw new IOException("the answer is not HTTP/1.1");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
