package dev.hearth.inference;

import java.io.IOException;

/** The port of gRPC cannot be listened on at the start. */
final class GrpcPortTakenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    GrpcPortTakenException(int port, IOException cause) {
        super(
                "gRPC cannot listen on port %d, which something else may use: %s"
                        .formatted(port, cause.getMessage()),
                cause);
    }

    String remedy() {
        return "Set HEARTH_GRPC_PORT to another port, or to nothing where no gRPC is needed.";
    }
}
