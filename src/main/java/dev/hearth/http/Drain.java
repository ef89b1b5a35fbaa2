package dev.hearth.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;

/**
 * The beginning of a shutdown: the service says that it is not ready, and goes on answering for as
 * long as load balancers take to notice. Only then does the server take no more requests, and wait
 * for those that it has.
 */
public final class Drain implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Drain.class);

    private final Duration delay;
    private volatile boolean running;
    private volatile boolean draining;
    private volatile long sinceNanos;

    /**
     * @param delay from being told to stop until no more requests are taken
     */
    Drain(Duration delay) {
        this.delay = delay;
    }

    /** Whether clients should come by new connections, which lead elsewhere. */
    public boolean isDraining() {
        return draining;
    }

    /** Readiness is refused just before. */
    @EventListener(ContextClosedEvent.class)
    void begin() {
        sinceNanos = System.nanoTime();
        draining = true;
    }

    @Override
    public void start() {
        running = true;
    }

    /** Waits on a thread of its own, so that the phase's own patience counts. */
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
        running = false;
        long left = sinceNanos + delay.toNanos() - System.nanoTime();
        if (!draining || left <= 0) {
            return;
        }
        log.info("Not ready any more; requests are taken for another {} ms", left / 1_000_000);
        try {
            TimeUnit.NANOSECONDS.sleep(left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stops before the servers do. */
    @Override
    public int getPhase() {
        return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 1;
    }
}
