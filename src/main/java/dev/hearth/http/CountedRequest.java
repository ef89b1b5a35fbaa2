package dev.hearth.http;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.springframework.util.unit.DataSize;

/** A request whose body is counted as it is read. */
public final class CountedRequest extends HttpServletRequestWrapper {

    /** Told of bytes as they come; what it throws ends the reading. */
    @FunctionalInterface
    public interface Counter {
        void arrived(int bytes);
    }

    private final Counter counter;

    public CountedRequest(HttpServletRequest request, Counter counter) {
        super(request);
        this.counter = counter;
    }

    /** Ends the reading in BODY_TOO_LARGE where it passes the limit. */
    static CountedRequest limited(HttpServletRequest request, DataSize limit) {
        return new CountedRequest(
                request,
                new Counter() {
                    private long count;

                    @Override
                    public void arrived(int bytes) {
                        count += bytes;
                        if (count > limit.toBytes()) {
                            throw BodyLimitFilter.tooLarge(limit);
                        }
                    }
                });
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        return new CountedStream(super.getInputStream(), counter);
    }

    @Override
    public BufferedReader getReader() throws IOException {
        var encoding = getCharacterEncoding();
        return new BufferedReader(
                new InputStreamReader(
                        getInputStream(),
                        encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding)));
    }

    private static final class CountedStream extends ServletInputStream {

        private final ServletInputStream body;
        private final Counter counter;

        CountedStream(ServletInputStream body, Counter counter) {
            this.body = body;
            this.counter = counter;
        }

        @Override
        public int read() throws IOException {
            var next = body.read();
            counter.arrived(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            var read = body.read(buffer, offset, length);
            counter.arrived(Math.max(0, read));
            return read;
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}
