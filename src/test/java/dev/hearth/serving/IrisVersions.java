package dev.hearth.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.Service;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A model with some versions, and what tests of its aliases say again and again. */
record IrisVersions(Client client, String name) {

    static final String SETOSA = "[5.1, 3.5, 1.4, 0.2]";
    static final String VIRGINICA = "[6.3, 2.9, 5.6, 1.8]";

    /** Three versions that know flowers; the third takes setosa for virginica. */
    void train() {
        if (client.get("/v1/models/" + name).status() == 200) {
            return;
        }
        var service = new Service(client);
        String right = service.upload(csv());
        service.train(run(30, 1), right);
        service.train(run(30, 2), right);
        service.train(
                run(30, 3),
                service.upload(
                        csv().replace("setosa", "x")
                                .replace("virginica", "setosa")
                                .replace("x", "virginica")));
    }

    private JsonNode run(int epochs, int seed) {
        return JsonMapper.shared()
                .readTree(
                        """
                        {"name": "%s", "target": "species", "loss": "CrossEntropyLoss",
                         "model": {"layers": [{"type": "Linear", "out_features": 3}]},
                         "optimizer": {"type": "Adam", "lr": 0.05}, "epochs": %d, "seed": %d}
                        """
                                .formatted(name, epochs, seed));
    }

    private static String csv() {
        try (InputStream csv = Service.class.getResourceAsStream("/samples/iris.csv")) {
            return new String(csv.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    String path(String alias) {
        return "/v1/models/" + name + "/aliases/" + alias;
    }

    Client.Answer put(String path, String body, String... headers) {
        var all = new String[headers.length + 2];
        all[0] = "Content-Type";
        all[1] = "application/json";
        System.arraycopy(headers, 0, all, 2, headers.length);
        return client.send("PUT", path, BodyPublishers.ofString(body), all);
    }

    /** Gives an alias a setting, which has to succeed. */
    Client.Answer set(String alias, String setting, String... headers) {
        Client.Answer answer = put(path(alias), setting, headers);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer;
    }

    /** What an alias says of a flower. */
    JsonNode predict(String alias, String flower, String query) {
        Client.Answer answer =
                client.post(
                        "/v1/models/" + name + "@" + alias + ":predict" + query,
                        "{\"rows\": [" + flower + "]}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json();
    }

    int version(String alias, String query) {
        return predict(alias, SETOSA, query).get("version").intValue();
    }
}
