package dev.hearth.webhook;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt to send one message, and what comes of it. */
final class Deliverer {

    private static final Logger log = LoggerFactory.getLogger(Deliverer.class);

    private static final int GONE = 410;
    private static final int MOST_ERROR_CHARS = 300;

    private final Outbox outbox;
    private final Post post;
    private final Patience patience;
    private final InstantSource time;
    private final Duration lease;

    /**
     * @param lease longer than any attempt takes
     */
    Deliverer(Outbox outbox, Post post, Patience patience, InstantSource time, Duration lease) {
        this.outbox = outbox;
        this.post = post;
        this.patience = patience;
        this.time = time;
        this.lease = lease;
    }

    /** How an attempt ended. */
    enum Result {
        DELIVERED,
        RETRIED,
        GIVEN_UP
    }

    /** Begins attempts. */
    List<Delivery> take(int most) {
        return outbox.take(most, lease);
    }

    /** Makes an attempt that was begun. */
    Result attempt(Delivery delivery) {
        Outbox.Outcome outcome = send(delivery);
        Integer status = outcome.status();
        if (status != null && status >= 200 && status < 300) {
            outbox.delivered(delivery, outcome);
            return Result.DELIVERED;
        }
        Optional<Duration> wait =
                status != null && status == GONE
                        ? Optional.empty()
                        : patience.after(delivery.attempt());
        if (wait.isPresent()) {
            outbox.later(delivery, outcome, time.instant().plus(wait.get()));
            return Result.RETRIED;
        }
        outbox.givenUp(delivery, outcome);
        log.warn(
                "Message {} is given up after {} attempts: {}",
                delivery.messageId(),
                delivery.attempt(),
                outcome.error());
        return Result.GIVEN_UP;
    }

    private Outbox.Outcome send(Delivery delivery) {
        Instant now = time.instant();
        try {
            int status =
                    post.send(
                            delivery.url(),
                            Map.of(
                                    "webhook-id",
                                    delivery.messageId(),
                                    "webhook-timestamp",
                                    String.valueOf(now.getEpochSecond()),
                                    "webhook-signature",
                                    delivery.secret()
                                            .sign(
                                                    delivery.messageId(),
                                                    now.getEpochSecond(),
                                                    delivery.body())),
                            delivery.body());
            return new Outbox.Outcome(
                    status, status >= 200 && status < 300 ? null : "status " + status);
        } catch (IOException e) {
            String words = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            return new Outbox.Outcome(
                    null, words.substring(0, Math.min(MOST_ERROR_CHARS, words.length())));
        }
    }
}
