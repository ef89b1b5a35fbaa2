import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Locale;

/**
 * Sends one request again and again over many kept connections, from one thread: a client that takes little of the processors that the
 * service is to have, too.
 */
final class Connections implements AutoCloseable {

    /** Is told what came of each request. */
    interface Outcome {

        /**
         * @param dueNanos when it should have been sent
         * @param status 0 where the connection broke before there was an answer
         */
        void of(long dueNanos, int status, boolean hasRetryAfter);
    }

    private static final int MOST_BYTES = 1 << 16;

    private final InetSocketAddress server;
    private final byte[] request;
    private final int most;
    private final Outcome outcome;
    private final Selector selector;

    /** The one used last is used next, so that the service may end those that are not needed. */
    private final ArrayDeque<Connection> free = new ArrayDeque<>();

    private int open;
    private int waiting;
    private long endedByServer;

    /**
     * @param most how many there may be at once
     */
    Connections(URI url, String type, byte[] body, int most, Outcome outcome) throws IOException {
        server = new InetSocketAddress(url.getHost(), url.getPort());
        byte[] head =
                "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nAccept: application/json\r\nContent-Length: %d\r\n\r\n"
                        .formatted(url.getRawPath(), url.getHost(), type, body.length)
                        .getBytes(StandardCharsets.US_ASCII);
        request = new byte[head.length + body.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        this.most = most;
        this.outcome = outcome;
        selector = Selector.open();
    }

    private final class Connection {
        private final SocketChannel channel;
        private final ByteBuffer in = ByteBuffer.allocateDirect(MOST_BYTES);
        private final ByteBuffer out = ByteBuffer.allocateDirect(request.length).put(request).flip();
        private long dueNanos;
        private boolean isWaiting;

        Connection() throws IOException {
            channel = SocketChannel.open(server);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
            open++;
        }

        void send(long dueNanos) throws IOException {
            this.dueNanos = dueNanos;
            isWaiting = true;
            waiting++;
            out.rewind();
            while (out.hasRemaining()) {
                channel.write(out);
            }
        }

        void receive() {
            try {
                if (channel.read(in) < 0) {
                    end(0);
                } else {
                    readAnswer();
                }
            } catch (IOException e) {
                end(0);
            }
        }

        private void readAnswer() throws IOException {
            String text = StandardCharsets.ISO_8859_1.decode(in.duplicate().flip()).toString();
            int head = text.indexOf("\r\n\r\n");
            if (head < 0 || !isWhole(text, head + 4)) {
                return;
            }
            int status = Integer.parseInt(text.substring(9, 12));
            String headers = text.substring(0, head).toLowerCase(Locale.ROOT);
            in.clear();
            answered(status, headers.contains("\r\nretry-after:"));
            if (headers.contains("\r\nconnection: close")) {
                endedByServer++;
                end(status);
            } else {
                free.addFirst(this);
            }
        }

        private void answered(int status, boolean hasRetryAfter) {
            isWaiting = false;
            waiting--;
            outcome.of(dueNanos, status, hasRetryAfter);
        }

        private void end(int status) {
            if (isWaiting) {
                answered(status, false);
            }
            free.remove(this);
            open--;
            try {
                channel.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static boolean isWhole(String text, int begin) {
        String head = text.substring(0, begin).toLowerCase(Locale.ROOT);
        int length = head.indexOf("\r\ncontent-length:");
        if (length < 0) {
            return text.endsWith("0\r\n\r\n"); // in chunks
        }
        int at = length + "\r\ncontent-length:".length();
        return text.length() - begin >= Integer.parseInt(head.substring(at, head.indexOf("\r\n", at)).strip());
    }

    /**
     * Sends a request.
     *
     * @return whether there was a connection for it
     */
    boolean send(long dueNanos) throws IOException {
        var connection = free.pollFirst();
        if (connection == null && open >= most) {
            return false;
        }
        (connection == null ? new Connection() : connection).send(dueNanos);
        return true;
    }

    /** Reads what is there, or comes within a millisecond. */
    void receive() throws IOException {
        selector.select(key -> ((Connection) key.attachment()).receive(), 1);
    }

    /** How many wait for their answer. */
    int waiting() {
        return waiting;
    }

    /** How many connections the service has said to end after an answer. */
    long endedByServer() {
        return endedByServer;
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
