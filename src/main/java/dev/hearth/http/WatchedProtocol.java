package dev.hearth.http;

import jakarta.servlet.ServletConnection;
import org.apache.coyote.Adapter;
import org.apache.coyote.ErrorState;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's own protocol, whose requests know the connections that they came by. Public and with
 * this constructor because Tomcat makes it by name.
 */
public final class WatchedProtocol extends Http11NioProtocol {

    /**
     * Added to a status whose connection goes on. Tomcat ends connections by a list of statuses
     * that cannot be changed, and looks at it before {@link #useCompression} and sends the status
     * after it.
     */
    private static final int KEPT = 1_000;

    /** Marks a request whose connection goes on, when Tomcat looks at the status once more. */
    private static final String GOES_ON = WatchedProtocol.class.getName() + ".goes-on";

    public WatchedProtocol() {}

    /** A status that is told to the client as {@code status}, and does not end its connection. */
    static int kept(int status) {
        return status + KEPT;
    }

    /** What the client is told. */
    static int told(int status) {
        return status > KEPT ? status - KEPT : status;
    }

    @Override
    public boolean useCompression(Request request, Response response) {
        int status = response.getStatus();
        if (status != told(status)) {
            response.setStatus(told(status));
            request.setAttribute(GOES_ON, true);
        }
        return super.useCompression(request, response);
    }

    @Override
    protected Processor createProcessor() {
        return new WatchedProcessor(this, getAdapter());
    }

    private static final class WatchedProcessor extends Http11Processor {

        private final AbstractHttp11Protocol<?> server;

        WatchedProcessor(AbstractHttp11Protocol<?> server, Adapter adapter) {
            super(server, adapter);
            this.server = server;
        }

        @Override
        protected ServletConnection getServletConnection() {
            return new WatchedConnection(super.getServletConnection(), getSocketWrapper());
        }

        /**
         * Tomcat sets an error by the status alone in two cases: where a request comes by an old
         * connection when the server is stopping, which it answers by itself and without saying
         * when to come again; and where a status has been sent after which it ends connections.
         */
        @Override
        protected void setErrorState(ErrorState state, @Nullable Throwable cause) {
            if (state == ErrorState.CLOSE_CLEAN && cause == null) {
                if (response.isCommitted() && request.getAttribute(GOES_ON) != null) {
                    return;
                }
                if (!response.isCommitted() && server.isPaused() && response.getStatus() == 503) {
                    response.setHeader("Retry-After", "1");
                }
            }
            super.setErrorState(state, cause);
        }
    }
}
