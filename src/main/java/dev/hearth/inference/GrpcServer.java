package dev.hearth.inference;

import dev.hearth.http.Credentials;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** The gRPC server, on a port of its own, where one is set. It ends when HTTP does. */
@Component
class GrpcServer implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(GrpcServer.class);

    private final GrpcPlace place;
    private final GrpcService service;
    private final Credentials credentials;
    private final GrpcAdmission admission;
    private final HealthStatusManager health = new HealthStatusManager();
    private volatile @Nullable Server server;

    GrpcServer(
            GrpcPlace place,
            GrpcService service,
            Credentials credentials,
            GrpcAdmission admission) {
        this.place = place;
        this.service = service;
        this.credentials = credentials;
        this.admission = admission;
    }

    @Override
    public void start() {
        if (place.port().isEmpty()) {
            return;
        }
        int port = place.port().getAsInt();
        Server started =
                NettyServerBuilder.forAddress(new InetSocketAddress(port))
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .maxInboundMessageSize(place.maxMessageBytes())
                        // The last is asked first: who may not ask learns nothing else.
                        .intercept(admission)
                        .intercept(new GrpcKeys(credentials))
                        .addService(service)
                        .addService(health.getHealthService())
                        .addService(ProtoReflectionServiceV1.newInstance())
                        .build();
        try {
            started.start();
        } catch (IOException e) {
            throw new GrpcPortTakenException(port, e);
        }
        health.setStatus(GrpcService.NAME, ServingStatus.SERVING);
        server = started;
        log.info("gRPC on port {}: {}", started.getPort(), GrpcService.NAME);
    }

    /** The port that it listens on; −1 where there is no gRPC. */
    int port() {
        Server running = server;
        return running == null ? -1 : running.getPort();
    }

    /** Says so before it takes no more calls, so that clients can go elsewhere in time. */
    @EventListener(ContextClosedEvent.class)
    void notReady() {
        health.setStatus(GrpcService.NAME, ServingStatus.NOT_SERVING);
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.NOT_SERVING);
    }

    /** Takes no more calls, and waits for those that there are. */
    @Override
    public void stop(Runnable callback) {
        Thread.ofVirtual()
                .start(() -> {
                    stop();
                    callback.run();
                });
    }

    @Override
    public void stop() {
        Server running = server;
        if (running == null) {
            return;
        }
        health.enterTerminalState();
        running.shutdown();
        try {
            Duration patience = place.patience();
            if (!running.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("gRPC calls did not end in {}; they are cut off", patience);
                running.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running.shutdownNow();
        }
        server = null;
    }

    @Override
    public boolean isRunning() {
        return server != null;
    }

    @Override
    public int getPhase() {
        return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
    }
}
