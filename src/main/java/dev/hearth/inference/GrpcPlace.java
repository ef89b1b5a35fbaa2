package dev.hearth.inference;

import dev.hearth.job.ProcessRoles;
import java.time.Duration;
import java.util.OptionalInt;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Where gRPC answers, if this process answers at all: one that only does jobs opens no port. */
@Component
class GrpcPlace {

    private final GrpcSettings settings;
    private final ProcessRoles roles;
    private final Duration patience;

    GrpcPlace(
            GrpcSettings settings,
            ProcessRoles roles,
            @Value("${spring.lifecycle.timeout-per-shutdown-phase:30s}") Duration patience) {
        this.settings = settings;
        this.roles = roles;
        this.patience = patience;
    }

    /** 0 for any that is free; empty for none. */
    OptionalInt port() {
        Integer port = settings.port();
        return port == null || !roles.answers() ? OptionalInt.empty() : OptionalInt.of(port);
    }

    int maxMessageBytes() {
        return (int) settings.maxMessage().toBytes();
    }

    /** How long calls may go on once no more are taken. */
    Duration patience() {
        return patience;
    }
}
