package dev.hearth.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Sends what is in the outbox, a few messages at once, in processes that work: at once what this
 * process wrote, and within a second what others did or what is due again.
 */
final class WebhookSender {

    private static final Logger log = LoggerFactory.getLogger(WebhookSender.class);

    private static final Duration KEPT = Duration.ofDays(30);

    private final Deliverer deliverer;
    private final Outbox outbox;
    private final InstantSource time;
    private final MeterRegistry registry;
    private final int concurrency;
    private final Semaphore free;
    private volatile boolean stopping;

    /**
     * @param concurrency how many messages are sent at once; 0 in a process that does not work
     */
    WebhookSender(
            Deliverer deliverer,
            Outbox outbox,
            InstantSource time,
            MeterRegistry registry,
            int concurrency) {
        this.deliverer = deliverer;
        this.outbox = outbox;
        this.time = time;
        this.registry = registry;
        this.concurrency = concurrency;
        this.free = new Semaphore(concurrency);
        Gauge.builder("hearth.webhook.pending", () -> (double) outbox.pending())
                .description("Messages to webhooks that have not arrived yet")
                .register(registry);
        // From the beginning, so that the first is an increase.
        for (Deliverer.Result result : Deliverer.Result.values()) {
            attempts(result);
        }
    }

    @Scheduled(fixedRate = 1, timeUnit = TimeUnit.SECONDS)
    void look() {
        int most = free.drainPermits();
        if (most == 0) {
            return;
        }
        int taken = 0;
        try {
            List<Delivery> deliveries = stopping ? List.of() : deliverer.take(most);
            taken = deliveries.size();
            deliveries.forEach(delivery -> Thread.ofVirtual().start(() -> attempt(delivery)));
        } catch (DataAccessException e) {
            log.warn("The database does not tell what is to be sent; trying again", e);
        } finally {
            free.release(most - taken);
        }
    }

    private Counter attempts(Deliverer.Result result) {
        return Counter.builder("hearth.webhook.attempts")
                .description("Attempts to send messages to webhooks")
                .tag("result", result.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    private void attempt(Delivery delivery) {
        try {
            Deliverer.Result result = deliverer.attempt(delivery);
            attempts(result).increment();
        } catch (DataAccessException e) {
            log.warn(
                    "It could not be recorded how message {} fared; it is sent again",
                    delivery.messageId(),
                    e);
        } finally {
            free.release();
        }
        // The next one about the same run has been waiting for this one.
        look();
    }

    @Scheduled(initialDelay = 1, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
    void forgetTheOld() {
        outbox.forget(time.instant().minus(KEPT));
    }

    /** Lets the attempts end that are being made, which none does late. */
    @EventListener(ContextClosedEvent.class)
    void stop() throws InterruptedException {
        stopping = true;
        if (!free.tryAcquire(concurrency, 5, TimeUnit.SECONDS)) {
            log.info("Some messages to webhooks are being sent; another process sends them again");
        }
    }
}
