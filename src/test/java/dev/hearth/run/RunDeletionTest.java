package dev.hearth.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import dev.hearth.storage.BlobStore;
import dev.hearth.storage.Sha256;
import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs that have ended can be deleted; what was made of them stays. */
@HearthTest
class RunDeletionTest {

    @Autowired Client client;
    @Autowired BlobStore blobs;

    private Service service;
    private String iris;

    @BeforeEach
    void upload() {
        service = new Service(client);
        iris = service.uploadSample("iris");
    }

    @Test
    void aDeletedRunGivesItsBytesBackAndItsModelStays() throws IOException {
        var run = service.train(request(20), iris);
        var path = "/v1/runs/" + run.get("id").stringValue();
        var checkpoint = client.get(path + "/checkpoints").json().at("/items/0");
        var bytes = new Sha256(checkpoint.get("sha256").stringValue());
        var version = run.at("/model/url").stringValue();
        var weights = client.get(version + "/files/model.safetensors").body();
        blobs.open(bytes).close();

        assertThat(client.delete(path).status()).isEqualTo(204);

        for (var gone : new String[] {"", "/events", "/metrics", "/checkpoints", "/curve.svg"}) {
            assertThat(client.get(path + gone).status()).as(gone).isEqualTo(404);
        }
        assertThat(client.delete(path).status()).isEqualTo(404);
        assertThatThrownBy(() -> blobs.open(bytes)).isInstanceOf(IOException.class);
        assertThat(client.get(version).text()).contains(run.get("id").stringValue());
        assertThat(client.get(version + "/files/model.safetensors").body()).isEqualTo(weights);
        assertThat(client.delete("/v1/datasets/" + iris).status()).isEqualTo(204);
    }

    @Test
    void aRunThatHasNotEndedIsNotDeleted() {
        var run = service.submit(request(1_000_000), iris);
        var path = "/v1/runs/" + run;
        service.await(run, view -> view.get("epoch").intValue() > 0);

        assertThat(client.delete(path).status()).isEqualTo(409);
        client.post(path + ":pause", "");
        service.await(run, view -> view.get("state").stringValue().equals("paused"));
        var refused = client.delete(path);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text()).contains("is paused", "cancel it first");
        assertThat(client.get(path + "/checkpoints").json().get("items").size()).isPositive();

        client.post(path + ":cancel", "");
        service.end(run);
        assertThat(client.delete(path).status()).isEqualTo(204);
    }

    private static JsonNode request(int epochs) {
        return JsonMapper.shared()
                .readTree(
                        """
                        {"name": "deleted-%s", "target": "species",
                         "model": {"layers": [{"type": "Linear", "out_features": 3}]},
                         "loss": "CrossEntropyLoss", "optimizer": {"type": "Adam"}, "epochs": %d}
                        """
                                .formatted(UUID.randomUUID(), epochs));
    }
}
