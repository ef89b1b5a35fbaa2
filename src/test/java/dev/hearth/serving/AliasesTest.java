package dev.hearth.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import dev.hearth.model.ModelName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Aliases over HTTP: what they stand for, how they are switched, and what they are good for. */
@HearthTest
class AliasesTest {

    @Autowired Client client;
    @Autowired JdbcClient jdbc;
    @Autowired LoadedModels loaded;

    private IrisVersions iris;

    @BeforeEach
    void train() {
        iris = new IrisVersions(client, "alias-iris");
        iris.train();
    }

    @Test
    void anAliasAnswersAsTheVersionThatItNames() {
        iris.set("plain", "{\"version\": 1}");
        assertThat(iris.version("plain", "")).isEqualTo(1);

        iris.set("plain", "{\"version\": 2}");
        assertThat(iris.version("plain", "")).isEqualTo(2);
        assertThat(client.get("/v1/models/alias-iris/versions/2").json().get("aliases").toString())
                .contains("\"plain\"");
        assertThat(client.get("/v1/models/alias-iris/versions/1").json().get("aliases").toString())
                .doesNotContain("\"plain\"");
        assertThat(client.get("/v1/models?cursor=alias-iri").json().at("/items/0").toString())
                .contains("\"name\":\"alias-iris\"", "\"plain\"");
    }

    @Test
    void itIsAnsweredAsItIsAndWithWhatItWas() {
        Client.Answer made =
                iris.set(
                        "told",
                        """
                        {"versions": [{"version": 1, "weight": 90}, {"version": 2, "weight": 10}],
                         "shadow": {"version": 3, "fraction": 0.5, "tolerance": 0.1}}
                        """);
        iris.set("told", "{\"version\": 2}");

        JsonNode alias = client.get(iris.path("told")).json();
        assertThat(made.json().get("versions").toString())
                .isEqualTo("[{\"version\":1,\"weight\":90},{\"version\":2,\"weight\":10}]");
        assertThat(made.json().get("shadow").toString())
                .isEqualTo("{\"version\":3,\"fraction\":0.5,\"tolerance\":0.1}");
        assertThat(alias.get("versions").toString()).isEqualTo("[{\"version\":2,\"weight\":1}]");
        assertThat(alias.get("shadow").isNull()).isTrue();
        assertThat(alias.get("changed_by").stringValue()).isEqualTo("default");
        assertThat(alias.get("history").size()).isEqualTo(1);
        assertThat(alias.at("/history/0/versions")).isEqualTo(made.json().get("versions"));
        assertThat(alias.at("/history/0/revision").intValue())
                .isEqualTo(made.json().get("revision").intValue());
        assertThat(
                        client.get("/v1/models/alias-iris/aliases?cursor=tol&limit=1")
                                .json()
                                .at("/items/0"))
                .isEqualTo(alias);
    }

    @Test
    void whatIsAlreadySoIsNoChange() {
        int revision = iris.set("same", "{\"version\": 1}").json().get("revision").intValue();

        assertThat(iris.set("same", "{\"version\": 1}").json().get("revision").intValue())
                .isEqualTo(revision);
    }

    @Test
    void oneCanGoBack() {
        int first = iris.set("back", "{\"version\": 1}").json().get("revision").intValue();
        iris.set("back", "{\"version\": 2}");
        iris.set("back", "{\"version\": 3}");

        assertThat(client.post(iris.path("back") + ":rollback", "").status()).isEqualTo(200);
        assertThat(iris.version("back", "")).isEqualTo(2);

        Client.Answer further =
                client.post(iris.path("back") + ":rollback?revision=" + first, "");
        assertThat(further.status()).as(further.toString()).isEqualTo(200);
        assertThat(iris.version("back", "")).isEqualTo(1);
        assertThat(client.post(iris.path("back") + ":rollback?revision=99", "").status())
                .isEqualTo(404);
    }

    @Test
    void twoWhoDeployDoNotOverwriteEachOther() {
        String etag = iris.set("two", "{\"version\": 1}").header("ETag");
        assertThat(client.get(iris.path("two")).header("ETag")).isEqualTo(etag);

        Client.Answer one = iris.put(iris.path("two"), "{\"version\": 2}", "If-Match", etag);
        Client.Answer other = iris.put(iris.path("two"), "{\"version\": 3}", "If-Match", etag);

        assertThat(one.status()).isEqualTo(200);
        assertThat(other.status()).isEqualTo(412);
        assertThat(other.json().get("detail").stringValue()).contains(one.header("ETag"));
        assertThat(iris.version("two", "")).isEqualTo(2);
        assertThat(
                        iris.put(iris.path("two"), "{\"version\": 3}", "If-None-Match", "*")
                                .status())
                .isEqualTo(412);
        assertThat(client.delete(iris.path("two"), "If-Match", etag).status()).isEqualTo(412);
    }

    /** An ETag never comes back, even where the alias does. */
    @Test
    void anAliasThatIsMadeAgainHasAnotherEtag() {
        String etag = iris.set("again", "{\"version\": 1}").header("ETag");
        assertThat(client.delete(iris.path("again")).status()).isEqualTo(204);

        Client.Answer made = iris.set("again", "{\"version\": 1}", "If-None-Match", "*");

        assertThat(made.header("ETag")).isNotEqualTo(etag);
        assertThat(made.json().at("/history/0/deleted").booleanValue()).isTrue();
        assertThat(client.post(iris.path("again") + ":rollback", "").status()).isEqualTo(200);
    }

    @Test
    void aDeletedAliasIsNoLongerThere() {
        iris.set("gone", "{\"version\": 1}");
        assertThat(iris.version("gone", "")).isEqualTo(1);

        assertThat(client.delete(iris.path("gone")).status()).isEqualTo(204);

        assertThat(client.get(iris.path("gone")).status()).isEqualTo(404);
        assertThat(client.delete(iris.path("gone")).status()).isEqualTo(404);
        Client.Answer asked =
                client.post("/v1/models/alias-iris@gone:predict", "{\"rows\": [[1, 2, 3, 4]]}");
        assertThat(asked.status()).isEqualTo(404);
        assertThat(asked.text()).contains("no alias 'gone'");
    }

    @Test
    void aVersionThatAnAliasNamesStays() {
        var kept = new IrisVersions(client, "alias-kept");
        kept.train();
        kept.set("prod", "{\"version\": 1, \"shadow\": {\"version\": 3}}");

        for (int version : List.of(1, 3)) {
            Client.Answer refused = client.delete("/v1/models/alias-kept/versions/" + version);
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.text()).contains("in-use", "alias 'prod'");
        }
        assertThat(client.delete("/v1/models/alias-kept/versions/2").status()).isEqualTo(204);
        kept.set("prod", "{\"version\": 3}");
        assertThat(client.delete("/v1/models/alias-kept/versions/1").status()).isEqualTo(204);

        // What it was cannot be had back.
        Client.Answer back = client.post(kept.path("prod") + ":rollback", "");
        assertThat(back.status()).isEqualTo(409);
        assertThat(back.text()).contains("has no version 1");
        assertThat(kept.version("prod", "")).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                                    | /version | neither
                    {"version": 1, "versions": []}                        | /version | both
                    {"version": 0}                                        | /version | a version's number
                    {"version": 99}                                       | /versions/0/version | has no version 99
                    {"version": "1"}                                      | /version | an integer
                    {"versions": []}                                      | /versions | 1 to 10
                    {"versions": [null]}                                  | /versions/0 | got null
                    {"versions": [{"version": 1}]}                        | /versions/0/weight | expected 1 to
                    {"versions": [{"version": 1, "weight": 0}]}           | /versions/0/weight | got 0
                    {"versions": [{"version": 1, "weight": 1}, {"version": 1, "weight": 1}]} | /versions/1/version | twice
                    {"version": 1, "shadow": {"version": 1}}              | /shadow/version | answers already
                    {"version": 1, "shadow": {}}                          | /shadow/version | nothing
                    {"version": 1, "shadow": {"version": 2, "fraction": 0}} | /shadow/fraction | above 0
                    {"version": 1, "shadow": {"version": 2, "tolerance": -1}} | /shadow/tolerance | at least 0
                    {"version": 1, "shadow": {"version": 7}}              | /shadow/version | has no version 7
                    {"version": 1, "colour": 2}                           | /colour | unknown field
                    """)
    void aSettingThatMakesNoSenseIsRefused(String setting, String pointer, String words) {
        Client.Answer answer = iris.put(iris.path("wrong"), setting);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
        assertThat(answer.json().at("/errors/0/pointer").stringValue()).isEqualTo(pointer);
        assertThat(answer.json().at("/errors/0/message").stringValue()).contains(words);
        assertThat(client.get(iris.path("wrong")).status()).isEqualTo(404);
    }

    @Test
    void versionsThatTakeOtherColumnsShareNoRequests() {
        var service = new Service(client);
        JsonMapper json = JsonMapper.shared();
        String run =
                """
                {"name": "alias-columns", "target": "y", "loss": "MSELoss", "epochs": 1,
                 "model": {"layers": [{"type": "Linear", "out_features": 1}]},
                 "optimizer": {"type": "SGD", "lr": 0.01}, "seed": 1}
                """;
        service.train(json.readTree(run), service.upload(table("a,b,y", "%d,%d,%d")));
        service.train(json.readTree(run), service.upload(table("a,c,y", "%d,%d,%d")));
        var columns = new IrisVersions(client, "alias-columns");

        for (String setting :
                List.of(
                        "{\"version\": 1, \"shadow\": {\"version\": 2}}",
                        "{\"versions\": [{\"version\": 1, \"weight\": 1}, {\"version\": 2, \"weight\": 1}]}")) {
            Client.Answer refused = columns.put(columns.path("prod"), setting);
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.text()).contains("b (number)", "c (number)");
        }
        // All of them at once may well be another model.
        columns.set("prod", "{\"version\": 1}");
        columns.set("prod", "{\"version\": 2}");
    }

    private static String table(String header, String row) {
        var csv = new StringBuilder(header).append('\n');
        for (int i = 0; i < 40; i++) {
            csv.append(row.formatted(i, i * 7 % 5, 2 * i)).append('\n');
        }
        return csv.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/models/alias-iris@:predict, 400",
        "/v1/models/alias-iris@1:predict, 400",
        "/v1/models/alias-iris@Prod:predict, 400",
        "/v1/models/alias-iris@a@b:predict, 400",
        "/v1/models/alias-iris@missing:predict, 404",
        "/v1/models/alias-none@prod:predict, 404",
        "/v1/models/alias-iris@latest/versions/1:predict, 400",
        "/v1/models/alias-iris@latest:predict, 200",
        "/v1/models/alias-iris%40latest:predict, 200",
        "/v1/models/alias-iris@latest:predict?routing_key=, 400"
    })
    void whatIsAskedByAliasHasAnAnswer(String path, int status) {
        assertThat(client.post(path, "{\"rows\": [[1, 2, 3, 4]]}").status()).isEqualTo(status);
    }

    @Test
    void anAliasOfNoModelAndNoAliasAreToldApart() {
        assertThat(iris.put("/v1/models/alias-none/aliases/prod", "{\"version\": 1}").status())
                .isEqualTo(404);
        assertThat(iris.put(iris.path("latest"), "{\"version\": 1}").status()).isEqualTo(400);
        assertThat(iris.put(iris.path("7"), "{\"version\": 1}").status()).isEqualTo(400);
        assertThat(client.get("/v1/models/alias-none/aliases").status()).isEqualTo(404);
    }

    /** A binomial of 400 requests with p = 0.25 is within 5 deviations in all but 1 of a million. */
    @Test
    void requestsAreSplitByWeight() {
        iris.set(
                "split",
                "{\"versions\": [{\"version\": 1, \"weight\": 3}, {\"version\": 2, \"weight\": 1}]}");
        var counts = new HashMap<Integer, Integer>();
        for (int i = 0; i < 400; i++) {
            counts.merge(iris.version("split", ""), 1, Integer::sum);
        }

        assertThat(counts.keySet()).containsExactlyInAnyOrder(1, 2);
        assertThat(counts.get(2)).isBetween(100 - 43, 100 + 43);
    }

    @Test
    void aClientStaysWhereItsKeySendsIt() {
        iris.set(
                "sticky",
                "{\"versions\": [{\"version\": 1, \"weight\": 1}, {\"version\": 2, \"weight\": 1}]}");
        var seen = new HashMap<String, Integer>();
        for (int i = 0; i < 20; i++) {
            String key = "user-" + i;
            int version = iris.version("sticky", "?routing_key=" + key);
            seen.put(key, version);
            var reference =
                    (ModelReference.Aliased) ModelReference.of("alias-iris@sticky", null);
            assertThat(version).isEqualTo(new RoutingKey(key).point(reference) < 0.5 ? 1 : 2);
        }
        seen.forEach((key, version) ->
                assertThat(iris.version("sticky", "?routing_key=" + key)).isEqualTo(version));
        assertThat(new HashSet<>(seen.values())).hasSize(2);
    }

    /** Every request goes to the old version or to the new one, and all are answered. */
    @Test
    void noRequestFailsWhileAnAliasIsSwitched() throws Exception {
        iris.set("switched", "{\"version\": 1}");
        var stop = new AtomicBoolean();
        var answers = new ConcurrentLinkedQueue<Map.Entry<Integer, Integer>>();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Void> asking =
                    () -> {
                        while (!stop.get()) {
                            Client.Answer answer =
                                    client.post(
                                            "/v1/models/alias-iris@switched:predict",
                                            "{\"rows\": [[5.1, 3.5, 1.4, 0.2]]}");
                            answers.add(
                                    Map.entry(
                                            answer.status(),
                                            answer.json().path("version").intValue()));
                        }
                        return null;
                    };
            var asked = List.of(clients.submit(asking), clients.submit(asking), clients.submit(asking));
            try {
                for (int i = 0; i < 20; i++) {
                    int version = 2 - i % 2;
                    // The new one is not in memory before.
                    loaded.unload(new ModelName("alias-iris"), version);
                    iris.set("switched", "{\"version\": " + version + "}");
                    assertThat(iris.version("switched", "")).isEqualTo(version);
                }
            } finally {
                stop.set(true);
            }
            for (var each : asked) {
                each.get();
            }
        }

        assertThat(answers)
                .isNotEmpty()
                .allSatisfy(answer -> {
                    assertThat(answer.getKey()).isEqualTo(200);
                    assertThat(answer.getValue()).isIn(1, 2);
                });
    }

    /** Another process writes the row; this one is told by nobody. */
    @Test
    void whatAnotherProcessChangesIsFollowedWhenItIsLoaded() {
        iris.set("elsewhere", "{\"version\": 1}");
        assertThat(iris.version("elsewhere", "")).isEqualTo(1);
        var model = new ModelName("alias-iris");
        loaded.unload(model, 3);

        jdbc.sql(
                        """
                        UPDATE model_alias SET revision = revision + 1,
                            setting = '{"routes": [{"version": 3, "weight": 1}], "shadow": null}'
                        WHERE model = 'alias-iris' AND alias = 'elsewhere'
                        """)
                .update();

        await().until(() -> iris.version("elsewhere", "") == 3);
        assertThat(loaded.isLoaded(model, 3)).isTrue();
        jdbc.sql("DELETE FROM model_alias WHERE model = 'alias-iris' AND alias = 'elsewhere'")
                .update();
        await().until(() ->
                client.post(
                                        "/v1/models/alias-iris@elsewhere:predict",
                                        "{\"rows\": [[1, 2, 3, 4]]}")
                                .status()
                        == 404);
    }

    @Test
    void theOpenInferenceProtocolKnowsAliases() {
        iris.set(
                "v2",
                "{\"versions\": [{\"version\": 1, \"weight\": 1}, {\"version\": 2, \"weight\": 1}]}");
        String path = "/v2/models/alias-iris@v2";

        JsonNode metadata = client.get(path).json();
        assertThat(metadata.get("name").stringValue()).isEqualTo("alias-iris@v2");
        assertThat(metadata.get("versions").toString()).isEqualTo("[\"1\",\"2\"]");
        assertThat(client.get(path + "/ready").json().toString())
                .isEqualTo("{\"name\":\"alias-iris@v2\",\"ready\":true}");
        assertThat(client.get("/v2/models/alias-iris@none").status()).isEqualTo(404);
        assertThat(client.get(path + "/versions/1").status()).isEqualTo(400);
        var model = new ModelName("alias-iris");
        assertThat(client.post("/v2/repository/models/alias-iris@v2/unload", "").status())
                .isEqualTo(200);
        assertThat(loaded.isLoaded(model, 1) || loaded.isLoaded(model, 2)).isFalse();
        assertThat(client.post("/v2/repository/models/alias-iris@v2/load", "").status())
                .isEqualTo(200);
        assertThat(loaded.isLoaded(model, 1) && loaded.isLoaded(model, 2)).isTrue();

        String key = "user-5";
        int expected = iris.version("v2", "?routing_key=" + key);
        String inputs =
                "\"inputs\": [{\"name\": \"input\", \"shape\": [1, 4], \"datatype\": \"FP32\","
                        + " \"data\": [5.1, 3.5, 1.4, 0.2]}]}";
        for (Client.Answer answer :
                List.of(
                        client.post(path + "/infer?routing_key=" + key, "{" + inputs),
                        client.post(
                                path + "/infer",
                                "{\"parameters\": {\"routing_key\": \"" + key + "\"}, " + inputs))) {
            assertThat(answer.json().get("model_name").stringValue()).isEqualTo("alias-iris@v2");
            assertThat(answer.json().get("model_version").stringValue())
                    .isEqualTo(String.valueOf(expected));
        }
    }
}
