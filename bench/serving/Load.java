import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Sends requests to a running service, for bench/overload.sh and bench/concurrent.sh:
 *
 * <pre>
 *   java Load.java overload URL IMAGE.png TIMES SECONDS
 *   java Load.java concurrent URL COLUMN REQUESTS
 * </pre>
 *
 * <p>{@code overload} measures the most that is answered to 64 connections that wait for their answers, then sends so many TIMES as
 * many a second, evenly and whether or not there are answers, and then looks how soon a single request is answered as before. A latency
 * counts from when the request should have been sent.
 *
 * <p>{@code concurrent} asks for REQUESTS different answers one by one, then for all of them at once, each on its own connection.
 */
class Load {

    private static final int CONNECTIONS = 2_000;
    private static final int CLOSED_LOOP = 64;

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "overload" ->
                    new Load(URI.create(arguments[1]))
                            .overload(
                                    Files.readAllBytes(Path.of(arguments[2])),
                                    Integer.parseInt(arguments[3]),
                                    Integer.parseInt(arguments[4]));
            case "concurrent" ->
                    new Load(URI.create(arguments[1])).concurrent(arguments[2], Integer.parseInt(arguments[3]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** What came back. */
    private record Answer(int status, boolean hasRetryAfter, boolean isLast, String body) {}

    private final URI url;

    private Load(URI url) {
        this.url = url;
    }

    /** A connection that is kept alive. */
    private final class Connection implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        Connection() throws IOException {
            socket = new Socket(url.getHost(), url.getPort());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(120_000);
            in = new BufferedInputStream(socket.getInputStream());
            out = new BufferedOutputStream(socket.getOutputStream(), 1 << 14);
        }

        Answer post(String type, byte[] body) throws IOException {
            String head =
                    "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nAccept: application/json\r\nContent-Length: %d\r\n\r\n"
                            .formatted(
                                    url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery()),
                                    url.getHost(),
                                    type,
                                    body.length);
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
            return read();
        }

        private Answer read() throws IOException {
            int status = Integer.parseInt(line().split(" ")[1]);
            boolean retryAfter = false;
            boolean last = false;
            int length = -1;
            for (String header = line(); !header.isEmpty(); header = line()) {
                String lower = header.toLowerCase(Locale.ROOT);
                retryAfter |= lower.startsWith("retry-after:");
                last |= lower.startsWith("connection:") && lower.contains("close");
                if (lower.startsWith("content-length:")) {
                    length = Integer.parseInt(lower.substring("content-length:".length()).strip());
                }
            }
            if (length >= 0) {
                return new Answer(status, retryAfter, last, new String(in.readNBytes(length), StandardCharsets.UTF_8));
            }
            var body = new StringBuilder();
            for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
                body.append(new String(in.readNBytes(size), StandardCharsets.UTF_8));
                line();
            }
            line();
            return new Answer(status, retryAfter, last, body.toString());
        }

        private String line() throws IOException {
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

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    // ------------------------------------------------------------------------------------------ overload

    private void overload(byte[] image, int times, int seconds) throws Exception {
        closedLoop(image, 10); // everything is loaded and compiled
        double usual = median(single(image, 200));
        double peak = closedLoop(image, 20);
        System.out.printf("answered to 64 connections that wait: %.0f a second; alone: %.2f ms%n", peak, usual / 1e6);

        var tally = new Tally();
        double rate = peak * times;
        long requests = Math.round(rate * seconds);
        long unsent = 0;
        long begin = System.nanoTime();
        long goodInTime;
        double elapsed;
        long endedByServer;
        try (var connections = new Connections(url, "image/png", image, CONNECTIONS, tally)) {
            for (long sent = 0; sent < requests; connections.receive()) {
                long due = Math.min(requests, (long) ((System.nanoTime() - begin) * rate / 1e9));
                for (; sent < due; sent++) {
                    unsent += connections.send(begin + (long) (sent * 1e9 / rate)) ? 0 : 1;
                }
            }
            elapsed = (System.nanoTime() - begin) / 1e9;
            goodInTime = tally.good.size();
            while (connections.waiting() > 0) {
                connections.receive();
            }
            endedByServer = connections.endedByServer();
        }
        double recovered = recovery(image, usual, begin + (long) (elapsed * 1e9));
        System.out.println("| what | figure |\n| --- | --- |");
        row("most that is answered, a second", "%.0f", peak);
        row("sent, a second", "%.0f", requests / elapsed);
        row("for so many seconds", "%.0f", elapsed);
        row("answered with 200, a second (of the most)", "%.0f (%.1f %%)", goodInTime / elapsed, 100 * goodInTime / elapsed / peak);
        row("their latency, ms: p50, p99", "%.0f, %.0f", percentile(tally.good, 50), percentile(tally.good, 99));
        row("refused with 503", "%d", tally.full.size());
        row("of these without Retry-After", "%d", tally.fullWithoutHint);
        row("their latency, ms: p50, p99, at most", "%.2f, %.2f, %.1f", percentile(tally.full, 50), percentile(tally.full, 99), percentile(tally.full, 100));
        row("answered with 500", "%d", tally.fault);
        row("answered otherwise", "%d", tally.other);
        row("connections that the service closed after its answer", "%d", endedByServer);
        row("connections that broke", "%d", tally.broken);
        row("not sent, since all %,d connections waited".formatted(CONNECTIONS), "%d", unsent);
        row("from the last request until five in a row are answered as before, s", "%.2f", recovered);
    }

    /** What came of all requests; times in nanoseconds from when a request was due. */
    private static final class Tally implements Connections.Outcome {
        final List<Long> good = new ArrayList<>();
        final List<Long> full = new ArrayList<>();
        long fullWithoutHint;
        long fault;
        long other;
        long broken;

        @Override
        public void of(long dueNanos, int status, boolean hasRetryAfter) {
            long nanos = System.nanoTime() - dueNanos;
            switch (status) {
                case 0 -> broken++;
                case 200 -> good.add(nanos);
                case 503 -> {
                    full.add(nanos);
                    fullWithoutHint += hasRetryAfter ? 0 : 1;
                }
                case 500 -> fault++;
                default -> other++;
            }
        }
    }

    /** Seconds from {@code end} until five requests in a row are answered about as soon as usual; negative if they never are. */
    private double recovery(byte[] image, double usualNanos, long end) throws IOException {
        int quick = 0;
        while (System.nanoTime() - end < 60e9) {
            try (var connection = new Connection()) {
                long sent = System.nanoTime();
                int status = connection.post("image/png", image).status();
                quick = status == 200 && System.nanoTime() - sent < 3 * usualNanos ? quick + 1 : 0;
                if (quick == 5) {
                    return (System.nanoTime() - end) / 1e9;
                }
            }
        }
        return -1;
    }

    private static void row(String what, String format, Object... values) {
        System.out.printf(Locale.ROOT, "| %s | %s |%n", what, String.format(Locale.ROOT, format, values));
    }

    private double closedLoop(byte[] image, int seconds) throws IOException {
        var tally = new Tally();
        long begin = System.nanoTime();
        try (var connections = new Connections(url, "image/png", image, CLOSED_LOOP, tally)) {
            while (System.nanoTime() - begin < seconds * 1e9) {
                while (connections.waiting() < CLOSED_LOOP && connections.send(System.nanoTime())) {}
                connections.receive();
            }
        }
        return (double) tally.good.size() / seconds;
    }

    private double[] single(byte[] image, int requests) throws IOException {
        var nanos = new double[requests];
        try (var connection = new Connection()) {
            for (int i = 0; i < requests; i++) {
                long begin = System.nanoTime();
                connection.post("image/png", image);
                nanos[i] = System.nanoTime() - begin;
            }
        }
        return nanos;
    }

    private static double median(double[] values) {
        return DoubleStream.of(values).sorted().toArray()[values.length / 2];
    }

    /** In milliseconds. */
    private static double percentile(List<Long> nanos, int percent) {
        long[] sorted = nanos.stream().mapToLong(each -> each).sorted().toArray();
        return sorted.length == 0 ? Double.NaN : sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1e6;
    }

    // ---------------------------------------------------------------------------------------- concurrent

    private void concurrent(String column, int requests) throws Exception {
        List<byte[]> bodies =
                IntStream.range(0, requests)
                        .mapToObj(i -> "{\"rows\": [{\"%s\": %d}]}".formatted(column, i).getBytes(StandardCharsets.UTF_8))
                        .toList();
        var expected = new double[requests];
        try (var connection = new Connection()) {
            for (int i = 0; i < requests; i++) {
                expected[i] = value(connection.post("application/json", bodies.get(i)));
            }
        }
        double apart = nearest(expected);
        var answers = new Answer[requests];
        var broken = new LongAdder();
        var connected = new CountDownLatch(requests);
        var go = new CountDownLatch(1);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < requests; i++) {
            int index = i;
            threads.add(Thread.startVirtualThread(() -> {
                try (var connection = new Connection()) {
                    connected.countDown();
                    go.await();
                    answers[index] = connection.post("application/json", bodies.get(index));
                } catch (IOException | InterruptedException e) {
                    connected.countDown();
                    broken.increment();
                }
            }));
            if (i % 100 == 99) {
                LockSupport.parkNanos(10_000_000); // the queue of connections that are not accepted yet is short
            }
        }
        connected.await();
        long begin = System.nanoTime();
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        int own = 0, others = 0, refused = 0, faults = 0;
        double off = 0;
        for (int i = 0; i < requests; i++) {
            if (answers[i] == null) {
                continue;
            }
            if (answers[i].status() != 200) {
                refused += answers[i].status() == 503 ? 1 : 0;
                faults += answers[i].status() == 503 ? 0 : 1;
                continue;
            }
            double difference = Math.abs(value(answers[i]) - expected[i]);
            off = Math.max(off, difference);
            if (difference < apart / 4) {
                own++;
            } else {
                others++;
            }
        }
        System.out.println("| what | figure |\n| --- | --- |");
        row("requests at once, each on its own connection", "%d", requests);
        row("answered with their own answer", "%d", own);
        row("answered with another's", "%d", others);
        row("refused with 503, otherwise, connections that broke", "%d, %d, %d", refused, faults, broken.sum());
        row("answers are at least so far apart", "%.3g", apart);
        row("and differ at most so far from those of requests one by one", "%.3g", off);
        row("all of them in, s", "%.2f", seconds);
    }

    private static double value(Answer answer) {
        if (answer.status() != 200) {
            throw new IllegalStateException(answer.status() + " " + answer.body());
        }
        String text = answer.body();
        int at = text.indexOf("\"value\":") + "\"value\":".length();
        int end = at;
        while (",}]".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return Double.parseDouble(text.substring(at, end));
    }

    private static double nearest(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return IntStream.range(1, sorted.length).mapToDouble(i -> sorted[i] - sorted[i - 1]).min().orElseThrow();
    }
}
