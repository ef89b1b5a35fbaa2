package dev.hearth.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Values that only the running program can find unfit are told in the user's words. */
@HearthTest
class UnfitValuesTest {

    private static final String TOKENS = "token,kind\n" + "0,a\n1,b\n2,a\n3,b\n".repeat(5);

    @Autowired Client client;

    @Test
    void aNumberWithoutARowInTheTableFailsTheRunByName() {
        var run = end(embedding("unfit-training", 3), new Service(client).upload(TOKENS));

        assertThat(run.get("state").stringValue()).isEqualTo("failed");
        assertThat(run.at("/error/type").stringValue())
                .isEqualTo("urn:hearth:problem:training-failed");
        assertThat(run.at("/error/detail").stringValue())
                .contains("layer 0 (Embedding)", "from 0 to 2", "num_embeddings");
    }

    @Test
    void aRowToPredictWithSuchANumberIsRefused() {
        var run = end(embedding("unfit-predicting", 4), new Service(client).upload(TOKENS));
        assertThat(run.get("state").stringValue()).as(run.toString()).isEqualTo("succeeded");

        var good = client.post("/v1/models/unfit-predicting:predict", "{\"rows\": [[3]]}");
        var bad = client.post("/v1/models/unfit-predicting:predict", "{\"rows\": [[3], [4]]}");

        assertThat(good.status()).isEqualTo(200);
        assertThat(bad.status()).isEqualTo(422);
        assertThat(bad.json().get("detail").stringValue()).contains("from 0 to 3");
    }

    @Test
    void aLossThatNeedsProbabilitiesSaysSo() {
        var service = new Service(client);
        var run =
                end(
                        """
                        {"name": "unfit-loss", "target": "diagnosis", "loss": "BCELoss",
                         "optimizer": "SGD", "epochs": 1,
                         "model": {"layers": [{"type": "Linear", "out_features": 1}]}}
                        """,
                        service.uploadSample("breast_cancer"));

        assertThat(run.at("/error/detail").stringValue()).contains("Sigmoid", "BCEWithLogitsLoss");
    }

    private JsonNode end(String request, String dataset) {
        var service = new Service(client);
        return service.end(service.submit(JsonMapper.shared().readTree(request), dataset));
    }

    private static String embedding(String name, int rows) {
        return """
        {"name": "%s", "target": "kind", "loss": "CrossEntropyLoss", "optimizer": "SGD", "epochs": 1,
         "preprocessing": {"standardize": false}, "features": ["token"],
         "model": {"layers": [
            {"type": "Embedding", "num_embeddings": %d, "embedding_dim": 2},
            {"type": "Flatten"},
            {"type": "Linear", "out_features": 2}]}}
        """
                .formatted(name, rows);
    }
}
