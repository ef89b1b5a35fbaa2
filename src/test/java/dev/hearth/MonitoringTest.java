package dev.hearth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Prometheus sees of a service that trains and predicts, and what is asked of Prometheus. */
@HearthTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MonitoringTest {

    private static final String MODEL = "monitored";
    private static final Path DASHBOARD = Path.of("deploy/grafana/hearth.json");
    private static final Path RULES = Path.of("deploy/prometheus-rules.yml");

    /** What Prometheus adds to what it scrapes. */
    private static final Set<String> OWN_LABELS = Set.of("job", "instance");

    @Autowired Client client;

    /** All that was seen while a run was trained and after predictions. */
    private Scrape seen = new Scrape(List.of());

    @Test
    void dashboardAndAlertsAskForNothingThatTheServiceDoesNotTell() throws IOException {
        useTheService();
        var expressions = new ArrayList<>(dashboardExpressions());
        expressions.addAll(ruleExpressions());
        assertThat(expressions).hasSizeGreaterThan(80);

        for (String text : expressions) {
            var asked = PromExpression.of(text);
            assertThat(asked.leftOver()).as("what is not understood of %s", text).isEmpty();
            assertThat(asked.selectors()).as(text).isNotEmpty();
            var labels = new HashSet<>(OWN_LABELS);
            for (var selector : asked.selectors()) {
                if (selector.metric().equals("up")) {
                    continue;
                }
                var told = seen.labelsOf(selector.metric());
                assertThat(told).as("series of %s in %s", selector.metric(), text).isNotEmpty();
                labels.addAll(told);
                assertThat(labels).as(text).containsAll(selector.labels());
            }
            assertThat(labels).as(text).containsAll(asked.grouping());
        }
    }

    @Test
    void legendsAndSummariesNameLabelsThatThereAre() throws IOException {
        useTheService();
        for (JsonNode panel : dashboard().get("panels")) {
            for (JsonNode target : panel.path("targets")) {
                assertLabels(
                        target.get("expr").stringValue(), target.get("legendFormat").stringValue());
            }
        }
        for (JsonNode rule : rules()) {
            String summary = rule.at("/annotations/summary").stringValue();
            assertThat(summary).isNotBlank();
            assertThat(rule.at("/annotations/runbook").stringValue()).endsWith(".");
            assertThat(rule.at("/labels/severity").stringValue()).isIn("warning", "critical");
            assertLabels(rule.get("expr").stringValue(), summary.replace("$labels.", ""));
        }
        assertThat(rules().stream().map(rule -> rule.get("alert").stringValue()))
                .doesNotHaveDuplicates();
    }

    private void assertLabels(String expression, String text) {
        var asked = PromExpression.of(expression);
        Set<String> there =
                Stream.concat(
                                OWN_LABELS.stream(),
                                asked.grouping().isEmpty()
                                        ? asked.selectors().stream()
                                                .flatMap(
                                                        one -> seen.labelsOf(one.metric()).stream())
                                        : asked.grouping().stream())
                        .collect(Collectors.toSet());
        assertThat(there).as(text).containsAll(PromExpression.placeholders(text));
    }

    @Test
    void theDashboardCanBeImported() throws IOException {
        JsonNode dashboard = dashboard();
        var ids = new ArrayList<Integer>();
        for (JsonNode panel : dashboard.get("panels")) {
            ids.add(panel.get("id").intValue());
            JsonNode place = panel.get("gridPos");
            assertThat(place.get("x").intValue() + place.get("w").intValue()).isBetween(1, 24);
            if (!panel.get("type").stringValue().equals("row")) {
                assertThat(panel.at("/datasource/uid").stringValue()).isEqualTo("${datasource}");
            }
        }
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(dashboard.at("/templating/list/0/type").stringValue()).isEqualTo("datasource");
        assertThat(dashboard.get("schemaVersion").intValue()).isGreaterThanOrEqualTo(36);
    }

    @Test
    void tritonsNamesTellWhatHearthsOwnDo() throws IOException {
        useTheService();
        var now = Scrape.of(client.get("/actuator/prometheus").text());
        String version = "{model=\"" + MODEL + "\",version=\"1\"}";

        assertThat(now.value("nv_inference_request_success" + version)).isGreaterThanOrEqualTo(3);
        assertThat(now.value("nv_inference_count" + version))
                .isEqualTo(now.value("hearth_serving_rows_total" + version));
        assertThat(now.value("nv_inference_exec_count" + version))
                .isEqualTo(now.value("hearth_serving_compute_duration_seconds_count" + version));
        assertThat(now.value("nv_inference_queue_duration_us" + version) / 1e6)
                .isCloseTo(
                        now.value("hearth_serving_queue_duration_seconds_sum" + version),
                        offset(2e-6));
        // No request shared its batch, so the phases add up to the batches' time.
        double phases =
                Stream.of("input", "infer", "output")
                        .mapToDouble(phase ->
                                now.value(
                                        "nv_inference_compute_" + phase + "_duration_us" + version))
                        .sum();
        assertThat(phases / 1e6)
                .isCloseTo(
                        now.value("hearth_serving_compute_duration_seconds_sum" + version),
                        offset(5e-6));
        assertThat(now.value("nv_inference_compute_infer_duration_us" + version)).isPositive();
        assertThat(now.value("nv_inference_pending_request_count" + version)).isZero();
        for (String reason : List.of("REJECTED", "CANCELED", "BACKEND", "OTHER")) {
            assertThat(
                            now.value(
                                    "nv_inference_request_failure{model=\"%s\",reason=\"%s\",version=\"1\"}"
                                            .formatted(MODEL, reason)))
                    .isZero();
        }
    }

    @Test
    void theSeriesOfARunGoWhenItEndsAndThoseOfAVersionWhenItIsDeleted() {
        String name = "monitored-for-a-while";
        var service = new Service(client);
        String run = service.submit(request(name, 100_000), service.uploadSample("iris"));
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        scrape().hasLabel("hearth_run_metric", "run", run)
                                && scrape().hasLabel(
                                                "hearth_run_checkpoint_age_seconds", "run", run));
        client.post("/v1/runs/" + run + ":cancel", "");
        service.end(run);
        await().until(() -> !scrape().mentions(run));

        service.train(request(name, 3), service.uploadSample("iris"));
        predict(name);
        await().until(() -> scrape().hasLabel("hearth_serving_rows_total", "model", name));
        assertThat(client.delete("/v1/models/" + name + "/versions/1").status()).isEqualTo(204);
        assertThat(scrape().mentions("model=\"" + name + "\"")).isFalse();
    }

    /** Trains and predicts, and keeps what was to be seen of it. */
    private void useTheService() throws IOException {
        if (!seen.isEmpty()) {
            return;
        }
        var service = new Service(client);
        String dataset = service.uploadSample("iris");
        String run = service.submit(request("monitored-long", 100_000), dataset);
        var during =
                await().atMost(Duration.ofSeconds(60))
                        .until(
                                this::scrape,
                                scrape -> scrape.hasLabel("hearth_run_metric", "run", run));
        client.post("/v1/runs/" + run + ":cancel", "");
        service.end(run);
        service.train(request(MODEL, 3), dataset);
        for (int i = 0; i < 3; i++) {
            predict(MODEL);
        }
        await().until(() ->
                scrape().value("hearth_serving_rows_total{model=\"" + MODEL + "\",version=\"1\"}")
                        == 3);
        seen = during.and(scrape());
    }

    private Scrape scrape() {
        return Scrape.of(client.get("/actuator/prometheus").text());
    }

    private void predict(String model) {
        var answer =
                client.post(
                        "/v1/models/" + model + ":predict",
                        """
                        {"rows": [{"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}]}
                        """);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }

    private static JsonNode request(String name, int epochs) {
        return JsonMapper.shared()
                .readTree(
                        """
                        {"name": "%s", "target": "species",
                         "model": {"layers": [{"type": "Linear", "out_features": 3}]},
                         "loss": "CrossEntropyLoss", "optimizer": {"type": "SGD", "lr": 0.01},
                         "epochs": %d, "seed": 1}
                        """
                                .formatted(name, epochs));
    }

    private static JsonNode dashboard() throws IOException {
        return JsonMapper.shared().readTree(Files.readString(DASHBOARD));
    }

    private static List<String> dashboardExpressions() throws IOException {
        var expressions = new ArrayList<String>();
        for (JsonNode panel : dashboard().get("panels")) {
            for (JsonNode target : panel.path("targets")) {
                expressions.add(target.get("expr").stringValue());
            }
        }
        for (JsonNode variable : dashboard().at("/templating/list")) {
            if (variable.get("type").stringValue().equals("query")) {
                expressions.add(variable.at("/query/query").stringValue());
            }
        }
        return expressions;
    }

    private static List<String> ruleExpressions() throws IOException {
        return rules().stream().map(rule -> rule.get("expr").stringValue()).toList();
    }

    private static List<JsonNode> rules() throws IOException {
        Object file = new Yaml().load(Files.readString(RULES));
        JsonNode groups = JsonMapper.shared().<JsonNode>valueToTree(file).get("groups");
        return groups.valueStream().flatMap(group -> group.get("rules").valueStream()).toList();
    }
}
