package dev.hearth.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.function.BooleanSupplier;
import org.springframework.stereotype.Component;

/** Tells whether a client has hung up while its request still waits for its turn. */
@Component
public class ClientWatch {

    /**
     * Answers whether the client of {@code request} is gone, whenever it is asked. To be asked only
     * while the request has been read whole and is not being answered.
     */
    public BooleanSupplier of(HttpServletRequest request) {
        // Where another server than Tomcat's own protocol took it, nobody can tell.
        return request.getServletConnection() instanceof WatchedConnection connection
                ? connection::isGone
                : () -> false;
    }
}
