package dev.hearth.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message as its readers see it.
 *
 * @param id {@code msg_} and this is the header {@code webhook-id}
 * @param run that it tells of
 * @param event the number of the run's event
 * @param attempts that were begun
 * @param status of the last answer; null where there was none
 * @param error what the last attempt failed for
 * @param nextAttemptAt while it is pending; then also when an attempt that is being made counts as
 *     lost
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "WebhookDelivery")
record DeliveryView(
        UUID id,
        UUID run,
        int event,
        String type,
        @Schema(allowableValues = {"pending", "delivered", "failed"}) String state,
        int attempts,
        @Nullable Integer status,
        @Nullable String error,
        @Nullable Instant nextAttemptAt,
        Instant createdAt,
        @Nullable Instant finishedAt) {}
