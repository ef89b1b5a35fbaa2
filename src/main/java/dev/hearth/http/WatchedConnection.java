package dev.hearth.http;

import jakarta.servlet.ServletConnection;
import java.io.IOException;
import org.apache.tomcat.util.net.SocketWrapperBase;

/** The connection that a request came by, which can be asked whether its client is still there. */
record WatchedConnection(ServletConnection tomcats, SocketWrapperBase<?> socket)
        implements ServletConnection {

    /** To be asked only while the request has been read whole and is not being answered. */
    boolean isGone() {
        try {
            // Reads ahead into the connection's own buffer, so nothing is lost.
            return !socket.isReadyForRead() && socket.isClosed();
        } catch (IOException e) {
            return true; // the stream has ended, or was reset
        }
    }

    @Override
    public String getConnectionId() {
        return tomcats.getConnectionId();
    }

    @Override
    public String getProtocol() {
        return tomcats.getProtocol();
    }

    @Override
    public String getProtocolConnectionId() {
        return tomcats.getProtocolConnectionId();
    }

    @Override
    public boolean isSecure() {
        return tomcats.isSecure();
    }
}
