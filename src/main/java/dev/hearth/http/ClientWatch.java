package dev.hearth.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Tells whether a client has hung up while its request still waits for its turn. */
@Component
public class ClientWatch {

    private final List<WatchedProtocol> protocols = new CopyOnWriteArrayList<>();

    @EventListener
    void started(WebServerInitializedEvent event) {
        if (event.getWebServer() instanceof TomcatWebServer server
                && server.getTomcat().getConnector().getProtocolHandler()
                        instanceof WatchedProtocol protocol) {
            protocols.add(protocol);
        }
    }

    /**
     * Answers whether the client of {@code request} is gone, whenever it is asked. To be asked only
     * while the request has been read whole and is not being answered.
     */
    public BooleanSupplier of(HttpServletRequest request) {
        String address = request.getRemoteAddr();
        int port = request.getRemotePort();
        return () -> protocols.stream().anyMatch(protocol -> isGone(protocol, address, port));
    }

    private static boolean isGone(WatchedProtocol protocol, String address, int port) {
        return protocol.connection(address, port)
                .map(connection -> {
                    try {
                        // Reads ahead into the connection's own buffer, so nothing is lost.
                        return !connection.isReadyForRead() && connection.isClosed();
                    } catch (IOException e) {
                        return true; // the stream has ended, or was reset
                    }
                })
                .orElse(false);
    }
}
