package dev.hearth.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Every way of splitting, through the interface. */
@HearthTest
class SplitRunsTest {

    private static final int ROWS = 60;

    @Autowired Client client;
    @Autowired RunSplits splits;

    private Service service;
    private String data;

    @BeforeEach
    void begin() {
        service = new Service(client);
        data = service.upload(csv());
    }

    /** Row i: patient i / 4, day i / 3 counted backwards, every sixth row tests. */
    private static String csv() {
        var csv = new StringBuilder("x,patient,day,part,class\n");
        for (int i = 0; i < ROWS; i++) {
            csv.append(
                    "%s,p%02d,2024-%02d-%02d,%s,%s\n"
                            .formatted(
                                    i * 0.37 % 1,
                                    i / 4,
                                    12 - i / 15,
                                    28 - i / 3,
                                    i % 6 == 0 ? "test" : i % 6 == 1 ? "valid" : "train",
                                    i % 3 == 0 ? "a" : "b"));
        }
        return csv.toString();
    }

    private static JsonNode request(String split, String more) {
        return JsonMapper.shared()
                .readTree(
                        """
                        {"name": "split-%s", "target": "class", "seed": 5, "split": %s, "epochs": 2,
                         "model": {"layers": [{"type": "Linear", "out_features": 2}]},
                         "loss": "CrossEntropyLoss", "optimizer": "SGD"%s}
                        """
                                .formatted(UUID.randomUUID(), split, more));
    }

    private Client.Answer check(String split) {
        var request = (ObjectNode) request(split, "");
        return client.post("/v1/specs:check", request.put("dataset", data).toString());
    }

    /** The numbers of the rows of each part, from 1. */
    private Map<String, List<Integer>> parts(JsonNode run) {
        JsonNode page =
                client.get("/v1/runs/" + run.get("id").stringValue() + "/split?limit=60").json();
        assertThat(page.get("items").size()).isEqualTo(ROWS);
        return page.get("items")
                .valueStream()
                .collect(
                        Collectors.groupingBy(
                                item -> item.get("part").stringValue(),
                                LinkedHashMap::new,
                                Collectors.mapping(
                                        item -> item.get("row").intValue(), Collectors.toList())));
    }

    private JsonNode train(String split) {
        return service.train(request(split, ", \"features\": [\"x\"]"), data);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"validation": 0.2, "test": 0.1}                    | 42 | 12 | 6
                    {"validation": 0, "test": 0.1}                      | 54 | 0  | 6
                    {"validation": 0.2, "test": 0.1, "stratify": false} | 42 | 12 | 6
                    {"group": "patient", "validation": 0.2, "test": 0.2}| 36 | 12 | 12
                    {"time": "day", "validation": 0.2, "test": 0.1}     | 42 | 12 | 6
                    {"k_fold": 5, "fold": 4}                            | 48 | 12 | 0
                    {"k_fold": 4, "fold": 1, "test": 0.2}               | 36 | 12 | 12
                    {"column": "part"}                                  | 40 | 10 | 10
                    """)
    void everyWayHoldsOutRowsThatTheRunIsEvaluatedOn(
            String split, int training, int validation, int test) {
        JsonNode run = train(split);

        Map<String, List<Integer>> parts = parts(run);
        assertThat(parts.getOrDefault("training", List.of())).hasSize(training);
        assertThat(parts.getOrDefault("validation", List.of())).hasSize(validation);
        assertThat(parts.getOrDefault("test", List.of())).hasSize(test);
        String path = "/v1/runs/" + run.get("id").stringValue() + "/evaluation";
        assertEvaluation(client.get(path), validation);
        assertEvaluation(client.get(path + "?part=test"), test);
        JsonNode version = client.get(run.get("model").get("url").stringValue()).json();
        assertThat(version.at("/evaluation/rows").asInt(0)).isEqualTo(validation);
        assertThat(version.at("/test_evaluation/rows").asInt(0)).isEqualTo(test);
        JsonNode checked = check(split).json().get("dataset");
        assertThat(checked.get("training_rows").intValue()).isEqualTo(training);
        assertThat(checked.get("validation_rows").intValue()).isEqualTo(validation);
        assertThat(checked.get("test_rows").intValue()).isEqualTo(test);
        assertThat(checked.at("/parts/0/classes/a").intValue())
                .isEqualTo(
                        (int)
                                parts.getOrDefault("training", List.of()).stream()
                                        .filter(row -> (row - 1) % 3 == 0)
                                        .count());
    }

    private static void assertEvaluation(Client.Answer answer, int rows) {
        assertThat(answer.status()).isEqualTo(rows == 0 ? 404 : 200);
        if (rows > 0) {
            assertThat(answer.json().get("rows").intValue()).isEqualTo(rows);
            assertThat(answer.json().at("/metrics/loss").doubleValue()).isPositive();
        }
    }

    @Test
    void noPatientIsInTwoParts() {
        Map<String, List<Integer>> parts =
                parts(train("{\"group\": \"patient\", \"validation\": 0.3, \"test\": 0.2}"));

        var seen = new TreeSet<Integer>();
        for (List<Integer> rows : parts.values()) {
            var patients = rows.stream().map(row -> (row - 1) / 4).collect(Collectors.toSet());
            assertThat(seen).doesNotContainAnyElementsOf(patients);
            seen.addAll(patients);
        }
        assertThat(seen).hasSize(15);
    }

    @Test
    void theLatestDaysTestAndTheGivenColumnIsObeyed() {
        // Days are counted backwards, so the first rows are the latest.
        assertThat(parts(train("{\"time\": \"day\", \"validation\": 0.2, \"test\": 0.1}")))
                .containsEntry("test", List.of(1, 2, 3, 4, 5, 6));
        assertThat(parts(train("{\"column\": \"part\"}")).get("validation"))
                .containsExactly(2, 8, 14, 20, 26, 32, 38, 44, 50, 56);
        assertThat(
                        parts(
                                train(
                                        """
                                        {"column": "part", "train": ["train", "valid"],
                                         "validation": ["test"]}
                                        """)))
                .containsOnlyKeys("training", "validation");
    }

    @Test
    void theTestPartChangesNothingThatIsLearned() {
        // The same rows train, with the same preprocessing, whether the others test or are not
        // there.
        String both =
                "{\"column\": \"part\", \"train\": [\"train\"], \"validation\": [\"valid\"], \"test\": [\"test\"]}";
        JsonNode with = train(both);
        var changed = new StringBuilder();
        csv().lines()
                .forEach(line ->
                        changed.append(
                                line.contains(",test,")
                                        ? "1e6" + line.substring(line.indexOf(',')) + "\n"
                                        : line + "\n"));
        JsonNode other =
                service.train(
                        request(both, ", \"features\": [\"x\"]"),
                        service.upload(changed.toString()));

        assertThat(lastMetrics(other)).isEqualTo(lastMetrics(with));
        String path = "/evaluation?part=test";
        double before =
                client.get("/v1/runs/" + with.get("id").stringValue() + path)
                        .json()
                        .at("/metrics/loss")
                        .doubleValue();
        double after =
                client.get("/v1/runs/" + other.get("id").stringValue() + path)
                        .json()
                        .at("/metrics/loss")
                        .doubleValue();
        assertThat(after).isNotCloseTo(before, within(1e-3));
    }

    private JsonNode lastMetrics(JsonNode run) {
        return client.get("/v1/runs/" + run.get("id").stringValue() + "/metrics")
                .json()
                .at("/items/1/metrics");
    }

    @Test
    void theRowsAreAlsoCsvInPages() {
        JsonNode run = train("{\"column\": \"part\"}");
        String path = "/v1/runs/" + run.get("id").stringValue() + "/split";

        Client.Answer csv = client.get(path + "?limit=3&cursor=2", "Accept", "text/csv");
        assertThat(csv.text()).isEqualTo("row,part\n3,training\n4,training\n5,training\n");
        assertThat(client.get(path + "?limit=20").json().get("next_cursor").stringValue())
                .isEqualTo("20");
        assertThat(client.get(path + "?limit=0").status()).isEqualTo(400);
    }

    @Test
    void pagesOfASplitAreOfOnePlanAsLongAsItsDataIsThere() {
        JsonNode run = train("{\"validation\": 0.25}");
        String path = "/v1/runs/" + run.get("id").stringValue() + "/split";
        String first = client.get(path + "?limit=60").text();
        int remembered = splits.size();

        var pages = new StringBuilder();
        for (int row = 0; row < ROWS; row += 20) {
            pages.append(client.get(path + "?limit=20&cursor=" + row).json().get("items"));
        }

        assertThat(splits.size()).isEqualTo(remembered);
        assertThat(pages.toString().replace("][", ","))
                .isEqualTo(JsonMapper.shared().readTree(first).get("items").toString());
        assertThat(client.delete("/v1/datasets/" + data).status()).isEqualTo(204);
        assertThat(client.get(path).status()).isEqualTo(409);
    }

    @Test
    void theColumnOfASplitIsNoFeature() {
        JsonNode features = check("{\"group\": \"patient\"}").json().at("/dataset/features");

        assertThat(features.toString()).doesNotContain("patient").contains("\"x\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"k_fold": 5, "fold": 5}                      | /split/fold       | 0 to 4
                    {"k_fold": 61}                                | /split/k_fold     | 61 folds
                    {"k_fold": 5, "validation": 0.2}              | /split/validation | not with k_fold
                    {"fold": 1}                                   | /split/fold       | goes with k_fold
                    {"group": "ward"}                             | /split/group      | no column
                    {"group": "class"}                            | /split/group      | is the target
                    {"group": "patient", "time": "day"}           | /split/group      | one way
                    {"group": "patient", "stratify": true}        | /split/stratify   | not with group
                    {"time": "patient"}                           | /split/time       | row 1 of column
                    {"validation": 0.6, "test": 0.4}              | /split/test       | no rows to train on
                    {"validation": 0.2, "test": 0.001}            | /split/test       | not one row to test
                    {"column": "part", "test": ["exam"]}          | /split/column     | row 1 of column
                    {"column": "part", "train": ["x"]}            | /split/column     | expected one of x, validation
                    {"column": "part", "train": ["train", "test", "valid"]} | /split/validation | no row says validation
                    {"column": "part", "train": ["a"], "test": ["a"]} | /split/test   | train already
                    {"column": "part", "train": []}               | /split/train      | at least one word
                    {"column": "x"}                               | /split/column     | is numeric
                    """)
    void whatCannotBeSplitIsRefusedWithItsPlace(String split, String pointer, String words) {
        Client.Answer answer = check(split);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
        assertThat(answer.json().get("errors").valueStream())
                .as(answer.toString())
                .anySatisfy(error -> {
                    assertThat(error.get("pointer").stringValue()).isEqualTo(pointer);
                    assertThat(error.get("message").stringValue()).contains(words);
                });
    }
}
