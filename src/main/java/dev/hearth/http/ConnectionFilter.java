package dev.hearth.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;

/**
 * Tells when a connection ends: with the request at hand once the process is to stop, and not with
 * a refusal for want of room. Tomcat would end it with every 503, and clients that then connect
 * again, all of them, are the larger part of the load.
 */
final class ConnectionFilter extends RequestFilter {

    /** What is left of a larger body is not worth waiting for. */
    private static final long MOST_BYTES = 1 << 20;

    private final Drain drain;

    ConnectionFilter(Drain drain) {
        this.drain = drain;
    }

    @Override
    protected void filter(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (drain.isDraining()) {
            response.setHeader("Connection", "close");
            chain.doFilter(request, response);
        } else {
            chain.doFilter(request, goesOn(request) ? new Kept(response) : response);
        }
    }

    private static boolean goesOn(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        return length >= 0
                && length <= MOST_BYTES
                && request.getServletConnection() instanceof WatchedConnection;
    }

    /** Whose connection goes on after 503. */
    private static final class Kept extends HttpServletResponseWrapper {

        Kept(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void setStatus(int status) {
            super.setStatus(
                    status == SC_SERVICE_UNAVAILABLE ? WatchedProtocol.kept(status) : status);
        }

        @Override
        public int getStatus() {
            return WatchedProtocol.told(super.getStatus());
        }
    }
}
