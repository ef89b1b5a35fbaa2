package dev.hearth.inference;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of gRPC.
 *
 * @param port where it listens; 0 for any that is free, missing for no gRPC at all
 * @param maxMessage the largest request
 */
@ConfigurationProperties("hearth.grpc")
record GrpcSettings(@Nullable Integer port, @DefaultValue("16MB") DataSize maxMessage) {

    GrpcSettings {
        if (port != null && (port < 0 || port > 65_535)) {
            throw new IllegalArgumentException(
                    "hearth.grpc.port (HEARTH_GRPC_PORT): expected a port, or nothing for no gRPC, got "
                            + port);
        }
        if (maxMessage.toBytes() < 1 || maxMessage.toBytes() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "hearth.grpc.max-message: expected at most 2047MB, got " + maxMessage);
        }
    }
}
