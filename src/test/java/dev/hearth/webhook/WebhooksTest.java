package dev.hearth.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Webhooks over HTTP; the service under test may send to 127.0.0.1 alone. */
@HearthTest
class WebhooksTest {

    @Autowired Client client;

    private Receiver receiver;

    @BeforeEach
    void open() throws IOException {
        receiver = new Receiver();
    }

    @AfterEach
    void close() {
        receiver.close();
    }

    private JsonNode create(String events) {
        var answer =
                client.post(
                        "/v1/webhooks",
                        "{\"url\": \"%s\", \"events\": %s}"
                                .formatted(receiver.url("/hooks"), events));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        assertThat(answer.header("Location"))
                .isEqualTo("/v1/webhooks/" + answer.json().get("id").stringValue());
        return answer.json();
    }

    @Test
    void aWebhookIsToldOfARunInOrderAndSigned() {
        var webhook = create("[\"run.queued\", \"run.running\", \"run.succeeded\"]");
        var path = "/v1/webhooks/" + webhook.get("id").stringValue();
        var service = new Service(client);
        var run = service.train(request(), service.uploadSample("iris")).get("id").stringValue();

        await().until(() -> receiver.messages.size() == 3);

        var messages = receiver.messages.stream().map(WebhooksTest::json).toList();
        assertThat(messages.stream().map(message -> message.get("type").stringValue()))
                .containsExactly("run.queued", "run.running", "run.succeeded");
        assertThat(messages)
                .allSatisfy(message -> {
                    assertThat(message.at("/data/run_id").stringValue()).isEqualTo(run);
                    assertThat(message.at("/data/url").stringValue()).isEqualTo("/v1/runs/" + run);
                });
        assertThat(receiver.messages)
                .allMatch(message -> message.isSignedWith(webhook.get("secret").stringValue()));
        await().untilAsserted(() ->
                assertThat(client.get(path + "/deliveries").json().get("items").valueStream())
                        .hasSize(3)
                        .allMatch(each -> each.get("state").stringValue().equals("delivered")));
        assertThat(client.get("/actuator/prometheus").text())
                .contains("hearth_webhook_attempts_total{result=\"delivered\"}");

        assertThat(client.delete(path).status()).isEqualTo(204);
        assertThat(client.get(path).status()).isEqualTo(404);
        assertThat(client.delete(path).status()).isEqualTo(404);
        assertThat(client.get(path + "/deliveries").status()).isEqualTo(404);
    }

    @Test
    void aSecretIsShownOnce() {
        var own = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        var body = "{\"url\": \"%s\", \"secret\": \"%s\"}".formatted(receiver.url("/"), own);
        var key = UUID.randomUUID().toString();
        var first = client.post("/v1/webhooks", body, "Idempotency-Key", key);
        var again = client.post("/v1/webhooks", body, "Idempotency-Key", key);
        var path = first.header("Location");

        assertThat(first.json().get("secret").stringValue()).isEqualTo(own);
        assertThat(first.json().get("events").toString())
                .isEqualTo("[\"run.succeeded\",\"run.failed\",\"run.cancelled\"]");
        assertThat(again.header("Location")).isEqualTo(path);
        for (var answer : List.of(again, client.get(path), client.get("/v1/webhooks"))) {
            assertThat(answer.text()).contains(receiver.url("/")).doesNotContain("whsec_");
        }
        client.delete(path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    {"url": "http://169.254.169.254/latest"};             /url: messages are sent to
                    {"url": "http://localhost:80/"};                      /url: messages are sent to
                    {"url": "ftp://127.0.0.1/"};                          /url: expected an address
                    {"url": "http://user:pass@127.0.0.1/"};               /url: expected an address
                    {"url": "http://127.0.0.1:0/"};                       /url: expected an address
                    {"url": "http://127.0.0.1/a b"};                      /url: expected an address
                    {"url": "hooks"};                                     /url: expected an address
                    {"url": "http://127.1/"};                                /url: expected an address
                    {};                                                   /url: expected an address
                    {"url": "http://127.0.0.1/", "secret": "hush"};       /secret: expected whsec_
                    {"url": "http://127.0.0.1/", "events": []};           /events: expected at least one
                    {"url": "http://127.0.0.1/", "events": ["run.x"]};    /events/0: expected one of run.queued
                    """)
    void whatCannotBeIsRefused(String body, String why) {
        var answer = client.post("/v1/webhooks", body);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
        assertThat(answer.json().get("detail").stringValue()).startsWith(why);
    }

    @Test
    void onlyWhatWasGivenUpIsSentAgain() {
        receiver.status = 410;
        var webhook = create("[\"run.queued\"]");
        var deliveries = "/v1/webhooks/" + webhook.get("id").stringValue() + "/deliveries";
        var service = new Service(client);
        service.train(request(), service.uploadSample("iris"));
        var failed =
                await().until(
                                () -> client.get(deliveries).json().at("/items/0"),
                                each -> each.path("state").asString("").equals("failed"));
        var delivery = deliveries + "/" + failed.get("id").stringValue();

        receiver.status = 200;
        assertThat(client.post(delivery + ":retry", "").status()).isEqualTo(202);
        await().until(
                        () -> client.get(deliveries).json().at("/items/0/state").stringValue(),
                        "delivered"::equals);

        assertThat(client.post(delivery + ":retry", "").status()).isEqualTo(409);
        assertThat(client.post(deliveries + "/" + UUID.randomUUID() + ":retry", "").status())
                .isEqualTo(404);
        client.delete("/v1/webhooks/" + webhook.get("id").stringValue());
    }

    private static JsonNode json(Receiver.Message message) {
        return JsonMapper.shared().readTree(message.body());
    }

    private static JsonNode request() {
        return JsonMapper.shared()
                .readTree(
                        """
                        {"name": "webhooks-%s", "target": "species",
                         "model": {"layers": [{"type": "Linear", "out_features": 3}]},
                         "loss": "CrossEntropyLoss", "optimizer": {"type": "Adam"}, "epochs": 2}
                        """
                                .formatted(UUID.randomUUID()));
    }
}
