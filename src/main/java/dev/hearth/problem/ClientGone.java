package dev.hearth.problem;

import org.apache.catalina.connector.ClientAbortException;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

/** Tells a client that hung up, to whom nothing can be said, from a failure of ours. */
final class ClientGone {

    private ClientGone() {}

    static boolean explains(Throwable e) {
        return Causes.of(e)
                .anyMatch(cause ->
                        cause instanceof ClientGoneException
                                || cause instanceof ClientAbortException
                                || cause instanceof AsyncRequestNotUsableException);
    }
}
