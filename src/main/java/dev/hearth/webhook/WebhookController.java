package dev.hearth.webhook;

import dev.hearth.http.Cursor;
import dev.hearth.http.Idempotency;
import dev.hearth.http.Identifiers;
import dev.hearth.http.JsonBody;
import dev.hearth.http.Page;
import dev.hearth.http.PageRequest;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.storage.Sha256;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Webhooks over HTTP. */
@RestController
@Tag(name = "Webhooks", description = "Have other services told of what happens to runs")
class WebhookController {

    private final Webhooks webhooks;
    private final WebhookTable table;
    private final Outbox outbox;
    private final Requests requests;

    WebhookController(Webhooks webhooks, WebhookTable table, Outbox outbox, Requests requests) {
        this.webhooks = webhooks;
        this.table = table;
        this.outbox = outbox;
        this.requests = requests;
    }

    /** What reading a request needs. */
    record Requests(JsonBody body, Idempotency idempotency, Destinations destinations) {}

    @PostMapping(path = "/v1/webhooks", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary =
                    "Have an address told of what happens to your runs; the answer, and no later one, has"
                            + " the secret that messages are signed with",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = NewWebhook.class))))
    @ApiResponse(responseCode = "201")
    ResponseEntity<WebhookView> create(
            @RequestBody byte[] sent,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        NewWebhook.Checked wanted =
                requests.body().read(sent, NewWebhook.class).checked(requests.destinations());
        var made = new AtomicReference<@Nullable Webhook>();
        var id =
                new WebhookId(
                        requests.idempotency()
                                .once(
                                        Optional.ofNullable(key),
                                        "POST /v1/webhooks",
                                        fingerprint(sent),
                                        () -> {
                                            Webhook webhook = webhooks.create(wanted);
                                            made.set(webhook);
                                            return webhook.id().value();
                                        }));
        Webhook webhook = made.get();
        return ResponseEntity.created(URI.create("/v1/webhooks/" + id))
                .body(
                        webhook == null
                                ? WebhookView.of(webhooks.require(id))
                                : WebhookView.withSecret(webhook));
    }

    private static String fingerprint(byte[] body) {
        var digest = Sha256.newDigest();
        digest.update(body);
        return Sha256.of(digest).hex();
    }

    @GetMapping("/v1/webhooks")
    @Operation(summary = "List webhooks, newest first")
    Page<WebhookView> list(
            @RequestParam(defaultValue = PageRequest.DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        PageRequest page = PageRequest.of(limit, cursor);
        return page.page(
                table.page(page.after(), page.fetchSize()).stream().map(WebhookView::of).toList(),
                view -> new Cursor(view.createdAt(), view.id()));
    }

    @GetMapping("/v1/webhooks/{id}")
    @Operation(summary = "A webhook, without its secret")
    WebhookView get(@PathVariable String id) {
        return WebhookView.of(webhooks.require(WebhookId.parse(id)));
    }

    @DeleteMapping("/v1/webhooks/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete a webhook, with what it has not been told yet")
    void delete(@PathVariable String id) {
        WebhookId webhook = WebhookId.parse(id);
        if (!table.delete(webhook)) {
            throw new ProblemException(ProblemCode.NOT_FOUND, "there is no webhook " + webhook);
        }
    }

    @GetMapping("/v1/webhooks/{id}/deliveries")
    @Operation(summary = "What a webhook was told, and is to be told, newest first")
    Page<DeliveryView> deliveries(
            @PathVariable String id,
            @RequestParam(defaultValue = PageRequest.DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        Webhook webhook = webhooks.require(WebhookId.parse(id));
        PageRequest page = PageRequest.of(limit, cursor);
        return page.page(
                outbox.page(webhook.id(), page.after(), page.fetchSize()),
                view -> new Cursor(view.createdAt(), view.id()));
    }

    @PostMapping("/v1/webhooks/{id}/deliveries/{delivery}:retry")
    @ApiResponse(responseCode = "202")
    @Operation(summary = "Send a message again that was given up")
    ResponseEntity<DeliveryView> retry(@PathVariable String id, @PathVariable String delivery) {
        WebhookId webhook = WebhookId.parse(id);
        UUID message = Identifiers.parse(delivery, "delivery");
        DeliveryView found = require(webhook, message);
        if (!outbox.retry(webhook, message)) {
            throw new ProblemException(
                    ProblemCode.INVALID_STATE,
                    "delivery %s is %s; only one that failed can be sent again"
                            .formatted(message, found.state()));
        }
        webhooks.wake();
        return ResponseEntity.accepted().body(require(webhook, message));
    }

    private DeliveryView require(WebhookId webhook, UUID delivery) {
        return outbox.find(webhook, delivery)
                .orElseThrow(() ->
                        new ProblemException(
                                ProblemCode.NOT_FOUND,
                                "webhook %s has no delivery %s".formatted(webhook, delivery)));
    }
}
