package dev.hearth.webhook;

import dev.hearth.http.Owner;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.run.RunHappened;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.UUID;
import org.springframework.context.event.EventListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/** Who is told of what: makes webhooks, and writes messages for them as things happen. */
final class Webhooks {

    private static final int MOST = 100;

    private final WebhookTable table;
    private final Outbox outbox;
    private final WebhookSender sender;
    private final InstantSource time;
    private final JsonMapper json;
    private final SecureRandom random = new SecureRandom();

    Webhooks(
            WebhookTable table,
            Outbox outbox,
            WebhookSender sender,
            InstantSource time,
            JsonMapper json) {
        this.table = table;
        this.outbox = outbox;
        this.sender = sender;
        this.time = time;
        this.json = json;
    }

    Webhook create(NewWebhook.Checked wanted) {
        Owner owner = Owner.current();
        if (table.count(owner.name()) >= MOST) {
            throw new ProblemException(
                    ProblemCode.INVALID_STATE,
                    "there are %d webhooks of %s, and no more are kept; delete one"
                            .formatted(MOST, owner.name()));
        }
        var webhook =
                new Webhook(
                        new WebhookId(UUID.randomUUID()),
                        owner.name(),
                        wanted.url(),
                        wanted.secret().orElseGet(() -> Secret.random(random)),
                        wanted.events(),
                        time.instant());
        table.insert(webhook);
        return webhook;
    }

    Webhook require(WebhookId id) {
        return table.find(id)
                .orElseThrow(() ->
                        new ProblemException(ProblemCode.NOT_FOUND, "there is no webhook " + id));
    }

    /** In the transaction of what happened; the messages leave when it is committed. */
    @EventListener
    void happened(RunHappened happened) {
        String type = NewWebhook.type(happened);
        if (outbox.write(happened, type, body(type, happened)) == 0) {
            return;
        }
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(
                    new TransactionSynchronization() {
                        @Override
                        public void afterCommit() {
                            wake();
                        }
                    });
        } else {
            wake();
        }
    }

    /** On another thread: whoever wrote the event does not wait for it. */
    void wake() {
        Thread.ofVirtual().start(sender::look);
    }

    private String body(String type, RunHappened happened) {
        var data = new LinkedHashMap<String, Object>();
        data.put("run_id", happened.run());
        data.put("name", happened.name());
        data.put("event", happened.number());
        data.put("detail", happened.detail());
        data.put("url", "/v1/runs/" + happened.run());
        var body = new LinkedHashMap<String, Object>();
        body.put("type", type);
        body.put("timestamp", happened.at());
        body.put("data", data);
        return json.writeValueAsString(body);
    }
}
