package dev.hearth.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.Client;
import dev.hearth.Client.Answer;
import dev.hearth.HearthTest;
import dev.hearth.ParityReference;
import dev.hearth.Service;
import dev.hearth.storage.Sha256;
import dev.hearth.torchscript.SavedFiles;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Weights that PyTorch saved become a version like any other. */
@HearthTest
class ImportTest {

    @Autowired Client client;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "iris.pt",
                "iris_transposed.pt",
                "checkpoint.pt",
                "checkpoint_model.pt",
                "iris.safetensors"
            })
    void anImportedModelPredictsAsPyTorchDoes(String file) {
        String name = "import-" + file.replace('_', '-');
        if (file.startsWith("checkpoint")) {
            // Another initialisation came first: the weights are those of the iris model all the
            // same.
            assertThat(SavedFiles.json("expected.json").get(file).get("0.weight"))
                    .isEqualTo(SavedFiles.json("expected.json").get("iris.pt").get("0.weight"));
        }

        Answer answer = ImportForm.post(client, ImportForm.iris(name), SavedFiles.bytes(file));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        assertThat(answer.header("Location")).isEqualTo("/v1/models/" + name + "/versions/1");
        assertPredictions(name, SavedFiles.json("iris.json"));
    }

    @Test
    void whatANormalizationHasLearnedComesWithIt() {
        String specification =
                ImportForm.iris("import-batch-norm")
                        .replaceFirst(
                                "(?s)\\{\"layers\": \\[.*?]}",
                                "{\"layers\": [{\"type\": \"Linear\", \"out_features\": 3}, {\"type\":"
                                        + " \"BatchNorm1d\"}]}");

        Answer answer = ImportForm.post(client, specification, SavedFiles.bytes("batch_norm.pt"));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        assertPredictions("import-batch-norm", SavedFiles.json("batch_norm.json"));
    }

    /** To a millionth, as PyTorch computes them. */
    private void assertPredictions(String name, JsonNode reference) {
        JsonNode predictions = predict(name, reference.get("rows"));
        for (int i = 0; i < predictions.size(); i++) {
            JsonNode probabilities = predictions.get(i).get("probabilities");
            List<Double> actual = new ArrayList<>();
            probabilities.forEach(p -> actual.add(p.doubleValue()));
            for (int c = 0; c < 3; c++) {
                assertThat(actual.get(c))
                        .isCloseTo(
                                reference.get("probabilities").get(i).get(c).doubleValue(),
                                within(1e-6));
            }
        }
    }

    private JsonNode predict(String name, JsonNode rows) {
        var body = JsonMapper.shared().createObjectNode().set("rows", rows);
        Answer answer = client.post("/v1/models/" + name + ":predict", body.toString());
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json().get("predictions");
    }

    @Test
    void aVersionSaysWhichFileItCameFromAndHasAllFiles() {
        byte[] file = SavedFiles.bytes("checkpoint.pt");
        JsonNode version = ImportForm.post(client, ImportForm.iris("import-view"), file).json();

        assertThat(version.get("origin").stringValue()).isEqualTo("imported");
        assertThat(version.get("run_id").isNull()).isTrue();
        assertThat(version.at("/imported/file_sha256").stringValue()).isEqualTo(sha256(file));
        assertThat(version.at("/imported/file_size_bytes").longValue()).isEqualTo(file.length);
        assertThat(version.at("/imported/format").stringValue()).isEqualTo("state_dict.pt");
        assertThat(version.at("/imported/notes/0").stringValue()).contains("'state_dict'");
        assertThat(version.get("parameters").longValue()).isEqualTo(131);
        assertThat(version.at("/specification/name").stringValue()).isEqualTo("import-view");
        assertThat(client.get("/v1/models/import-view/versions/1").json()).isEqualTo(version);
        version.get("files")
                .forEach(entry ->
                        assertThat(client.get(entry.get("url").stringValue()).body())
                                .hasSize(entry.get("size_bytes").intValue()));
        assertThat(version.get("files").valueStream().map(f -> f.get("name").stringValue()))
                .contains("state_dict.pt", "model.safetensors", "model.torchscript.pt");
    }

    private static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(Sha256.newDigest().digest(bytes));
    }

    @Test
    void aVersionsOwnFileMakesTheSameModelAgain() {
        var service = new Service(client);
        ParityReference parity = ParityReference.all().findFirst().orElseThrow();
        var request = (ObjectNode) parity.request().deepCopy();
        request.put("name", "import-origin");
        service.train(request, service.uploadSample(parity.data()));
        byte[] file = client.get("/v1/models/import-origin/versions/1/files/state_dict.pt").body();

        Answer answer =
                ImportForm.post(
                        client,
                        """
                        {"name": "import-like", "like": {"name": "import-origin", "version": 1}}
                        """,
                        file);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        assertThat(answer.json().at("/imported/like"))
                .isEqualTo(
                        JsonMapper.shared()
                                .readTree("{\"name\": \"import-origin\", \"version\": 1}"));
        JsonNode origin = client.get("/v1/models/import-origin").json();
        for (String same : List.of("specification", "features", "target", "parameters")) {
            assertThat(answer.json().get(same)).isEqualTo(origin.get(same));
        }
        assertThat(client.get("/v1/models/import-like/versions/1/files/state_dict.pt").body())
                .isEqualTo(file);
        JsonNode rows = SavedFiles.json("iris.json").get("rows");
        assertThat(predict("import-like", rows)).isEqualTo(predict("import-origin", rows));

        Answer again =
                ImportForm.post(
                        client,
                        "{\"name\": \"import-like\", \"like\": {\"name\": \"import-like\"}}",
                        file);
        assertThat(again.header("Location")).isEqualTo("/v1/models/import-like/versions/2");
    }

    @Test
    void aModelThatNamesItsInputsIsImportedToo() {
        var service = new Service(client);
        var request =
                (ObjectNode)
                        JsonMapper.shared()
                                .readTree(
                                        """
                                        {"name": "import-inputs", "target": "species",
                                         "model": {
                                           "inputs": {"sepal": ["sepal_length", "sepal_width"],
                                                      "petal": ["petal_length", "petal_width"]},
                                           "modules": {"leaf": {"type": "Linear", "out_features": 3}},
                                           "forward": [
                                             {"name": "s", "call": "leaf", "inputs": ["sepal"]},
                                             {"name": "p", "call": "leaf", "inputs": ["petal"]},
                                             {"name": "y", "op": "add", "inputs": ["s", "p"]}]},
                                         "loss": "CrossEntropyLoss", "optimizer": "Adam", "epochs": 1}
                                        """);
        service.train(request, service.uploadSample("iris"));
        byte[] file = client.get("/v1/models/import-inputs/versions/1/files/state_dict.pt").body();

        Answer like =
                ImportForm.post(
                        client,
                        "{\"name\": \"import-inputs\", \"like\": {\"name\": \"import-inputs\"}}",
                        file);
        Answer unknown =
                ImportForm.post(
                        client,
                        ImportForm.iris("import-inputs")
                                .replaceFirst(
                                        "(?s)\"model\".*?\"loss\"",
                                        "\"model\": "
                                                + request.get("model")
                                                        .toString()
                                                        .replace("petal_width", "petals")
                                                + ", \"loss\""),
                        file);

        assertThat(like.status()).as(like.toString()).isEqualTo(201);
        assertThat(like.header("Location")).isEqualTo("/v1/models/import-inputs/versions/2");
        assertThat(unknown.status()).as(unknown.toString()).isEqualTo(422);
        assertThat(unknown.json().at("/errors/0/pointer").stringValue())
                .isEqualTo("/model/inputs/petal/1");
    }

    @Test
    void buffersAreImportedBesideTheParameters() {
        var service = new Service(client);
        var request =
                (ObjectNode)
                        JsonMapper.shared()
                                .readTree(
                                        """
                                        {"name": "import-buffers", "target": "species",
                                         "model": {"layers": [
                                           {"type": "BatchNorm1d"},
                                           {"type": "Linear", "out_features": 3}]},
                                         "loss": "CrossEntropyLoss", "optimizer": "Adam", "epochs": 1}
                                        """);
        service.train(request, service.uploadSample("iris"));
        byte[] file = client.get("/v1/models/import-buffers/versions/1/files/state_dict.pt").body();

        Answer answer =
                ImportForm.post(
                        client,
                        "{\"name\": \"import-buffers\", \"like\": {\"name\": \"import-buffers\"}}",
                        file);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        assertThat(client.get("/v1/models/import-buffers/versions/2/files/state_dict.pt").body())
                .isEqualTo(file);
    }

    @Test
    void whatIsNotFloat32IsConvertedAndTold() {
        Answer answer =
                ImportForm.post(
                        client,
                        ImportForm.iris("import-bf16"),
                        SavedFiles.bytes("iris_bfloat16.pt"));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        assertThat(answer.json().at("/imported/notes/0").stringValue())
                .isEqualTo(
                        "converted from bfloat16 to float32: 0.weight, 0.bias, 2.weight and 1 more");
    }

    @Test
    void theSameKeyMakesOneVersion() {
        byte[] file = SavedFiles.bytes("iris.pt");
        String specification = ImportForm.iris("import-once");

        Answer first = ImportForm.post(client, specification, file, "Idempotency-Key", "import-1");
        Answer second = ImportForm.post(client, specification, file, "Idempotency-Key", "import-1");
        Answer other =
                ImportForm.post(
                        client,
                        specification,
                        SavedFiles.bytes("iris.safetensors"),
                        "Idempotency-Key",
                        "import-1");

        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        assertThat(second.json()).isEqualTo(first.json());
        assertThat(other.status()).as(other.toString()).isEqualTo(422);
        assertThat(client.get("/v1/models/import-once/versions").json().get("items")).hasSize(1);
    }

    @Test
    void namesWithThePrefixOfAWrapperAreToldAndCanBeStripped() {
        byte[] file = SavedFiles.bytes("iris_dataparallel.pt");

        Answer refused = ImportForm.post(client, ImportForm.iris("import-prefix"), file);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().get("detail").stringValue())
                .contains("add \"strip_prefix\": \"module.\"");
        assertThat(refused.json().get("errors")).hasSize(8);

        Answer accepted =
                ImportForm.post(
                        client,
                        ImportForm.iris("import-prefix", ", \"strip_prefix\": \"module.\""),
                        file);
        assertThat(accepted.status()).as(accepted.toString()).isEqualTo(201);
    }

    @Test
    void everyTensorThatDoesNotFitIsListed() {
        Answer answer =
                ImportForm.post(
                        client, ImportForm.iris("import-unfit"), SavedFiles.bytes("batch_norm.pt"));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().get("errors").valueStream().map(JsonNode::toString))
                .containsExactly(
                        error("0.weight", "expected shape [16, 4], got [3, 4]"),
                        error("0.bias", "expected shape [16], got [3]"),
                        error("2.weight", "missing; the model has it, of shape [3, 16]"),
                        error("2.bias", "missing; the model has it, of shape [3]"),
                        error("1.weight", "the model has no such tensor"),
                        error("1.bias", "the model has no such tensor"),
                        error("1.running_mean", "the model has no such tensor"),
                        error("1.running_var", "the model has no such tensor"),
                        error("1.num_batches_tracked", "the model has no such tensor"));
        assertThat(client.get("/v1/models/import-unfit").status()).isEqualTo(404);
    }

    private static String error(String tensor, String message) {
        return "{\"pointer\":\"tensor %s\",\"message\":\"%s\"}".formatted(tensor, message);
    }

    @Test
    void everythingThatIsWrongWithASpecificationIsTold() {
        Answer answer =
                ImportForm.post(
                        client,
                        """
                        {"name": "Iris", "extra": 1,
                         "model": {"layers": [{"type": "Linear"}]},
                         "features": [{"type": "standardized", "column": "a", "mean": 0, "std": 0},
                           {"type": "numeric", "column": "b", "mean": 1},
                           {"type": "one_hot", "column": "c", "categories": ["x", "x"]},
                           {"type": "text", "column": "d"}, {"type": "flag", "column": "y"}],
                         "target": {"column": "y", "classes": ["a", 1, null]}}
                        """,
                        SavedFiles.bytes("iris.pt"));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(
                        answer.json()
                                .get("errors")
                                .valueStream()
                                .map(e -> e.get("pointer").stringValue()))
                .contains(
                        "/name",
                        "/extra",
                        "/model/layers/0/out_features",
                        "/loss",
                        "/features/0/std",
                        "/features/1/mean",
                        "/features/2/categories/1",
                        "/features/3/type",
                        "/features/4/column",
                        "/target/classes/2",
                        "/target/classes")
                .doesNotContain("/optimizer", "/input_shape");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"column\": \"species\"}",
                "{\"column\": \"species\", \"classes\": [\"a\", \"b\", \"c\", \"d\"]}"
            })
    void classesThatDoNotFitTheLossAreRefused(String target) {
        String specification =
                ImportForm.iris("import-classes")
                        .replaceFirst("\"target\": \\{.*}", "\"target\": " + target);

        Answer answer = ImportForm.post(client, specification, SavedFiles.bytes("iris.pt"));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
        assertThat(answer.text()).containsAnyOf("required for CrossEntropyLoss", "4 classes");
    }

    @Test
    void requestsOfAnotherFormAreRefused() {
        byte[] file = SavedFiles.bytes("iris.pt");
        assertThat(client.post("/v1/models", "{}").status()).isEqualTo(415);
        assertThat(ImportForm.post(client, "{\"name\": ", file).status()).isEqualTo(400);
        assertThat(ImportForm.post(client, "[]", file).status()).isEqualTo(422);
        assertThat(
                        ImportForm.post(
                                        client,
                                        "{\"name\": \"x\", \"like\": {\"name\": \"nothing\"}}",
                                        file)
                                .status())
                .isEqualTo(404);
        assertThat(
                        client.postForm("/v1/models", Map.of("specification", ImportForm.iris("x")))
                                .status())
                .isEqualTo(422);
        assertThat(client.postForm("/v1/models", Map.of("file", "PK")).status()).isEqualTo(422);
    }
}
