package dev.hearth.http;

import java.util.Optional;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * Tomcat's own protocol, whose connections can be looked at. Public and with this constructor
 * because Tomcat makes it by name.
 */
public final class WatchedProtocol extends Http11NioProtocol {

    public WatchedProtocol() {}

    /** The connection from a client's address and port. */
    Optional<SocketWrapperBase<NioChannel>> connection(String address, int port) {
        return getEndpoint().getConnections().stream()
                .filter(connection ->
                        connection.getRemotePort() == port
                                && address.equals(connection.getRemoteAddr()))
                .findFirst();
    }
}
