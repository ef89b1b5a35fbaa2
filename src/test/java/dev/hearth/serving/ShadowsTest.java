package dev.hearth.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Shadows over HTTP; the third version takes setosa for virginica. */
@HearthTest
class ShadowsTest {

    @Autowired Client client;

    private IrisVersions iris;

    @BeforeEach
    void train() {
        iris = new IrisVersions(client, "shadow-iris");
        iris.train();
    }

    private JsonNode report(IrisVersions model, String alias) {
        return client.get(model.path(alias) + "/shadow").json();
    }

    private static long compared(JsonNode report) {
        return report.get("same").longValue()
                + report.get("different").longValue()
                + report.get("failed").longValue();
    }

    private double metric(String model, String version, String outcome) {
        String name =
                "hearth_serving_shadow_requests_total{model=\"%s\",outcome=\"%s\",version=\"%s\"} "
                        .formatted(model, outcome, version);
        return client.get("/actuator/prometheus")
                .text()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .sum();
    }

    @Test
    void aShadowIsAskedTheSameAndCompared() {
        iris.set("compared", "{\"version\": 1, \"shadow\": {\"version\": 3}}");

        assertThat(iris.version("compared", "")).isEqualTo(1);
        iris.predict("compared", "[6.0, 2.9, 4.5, 1.5]", "");
        await().until(() -> compared(report(iris, "compared")) == 2);

        JsonNode report = report(iris, "compared");
        assertThat(report.get("version").intValue()).isEqualTo(3);
        assertThat(report.get("different").intValue()).isEqualTo(1); // the setosa
        assertThat(report.get("same").intValue()).isEqualTo(1); // the versicolor
        assertThat(report.get("largest_difference").doubleValue()).isBetween(0.5, 1.0);
        assertThat(metric("shadow-iris", "3", "different")).isGreaterThanOrEqualTo(1);
        assertThat(metric("shadow-iris", "3", "same")).isGreaterThanOrEqualTo(1);
        assertThat(client.get("/actuator/prometheus").text())
                .contains("hearth_serving_shadow_difference_count{model=\"shadow-iris\"");
    }

    /** Numbers of two trainings differ; with a tolerance that is so wide they are the same. */
    @Test
    void aToleranceSaysWhatTheSameIs() {
        iris.set("exact", "{\"version\": 1, \"shadow\": {\"version\": 2, \"tolerance\": 0}}");
        iris.set("wide", "{\"version\": 1, \"shadow\": {\"version\": 2, \"tolerance\": 1}}");

        iris.version("exact", "");
        iris.version("wide", "");

        await().until(() -> report(iris, "exact").get("different").intValue() == 1);
        await().until(() -> report(iris, "wide").get("same").intValue() == 1);
    }

    @Test
    void anotherSettingBeginsToCountAnew() {
        iris.set("anew", "{\"version\": 1, \"shadow\": {\"version\": 2}}");
        iris.version("anew", "");
        await().until(() -> compared(report(iris, "anew")) == 1);

        iris.set("anew", "{\"version\": 2, \"shadow\": {\"version\": 1}}");
        assertThat(compared(report(iris, "anew"))).isZero();
        iris.set("anew", "{\"version\": 2}");
        assertThat(client.get(iris.path("anew") + "/shadow").status()).isEqualTo(404);
    }

    /** A shadow that learned from other data knows a category by another number, or not at all. */
    @Test
    void aShadowReadsCategoriesByTheirNames() {
        var cities = new IrisVersions(client, "shadow-cities");
        trainOn(cities, "Basel", "Bern", "Zürich");
        trainOn(cities, "Aarau", "Bern", "Zürich");
        cities.set("prod", "{\"version\": 1, \"shadow\": {\"version\": 2}}");

        assertLabel(cities, "Bern");
        assertLabel(cities, "Zürich");
        await().until(() -> report(cities, "prod").get("same").intValue() == 2);
        assertLabel(cities, "Basel");
        await().until(() -> report(cities, "prod").get("failed").intValue() == 1);
        assertThat(report(cities, "prod").get("different").intValue()).isZero();
    }

    private static void assertLabel(IrisVersions cities, String city) {
        assertThat(
                        cities.predict("prod", "{\"city\": \"" + city + "\"}", "")
                                .at("/predictions/0/label")
                                .stringValue())
                .isEqualTo(city.equals("Zürich") ? "large" : "small");
    }

    private void trainOn(IrisVersions model, String... cities) {
        var csv = new StringBuilder("city,size\n");
        for (int i = 0; i < 60; i++) {
            String city = cities[i % cities.length];
            csv.append(city).append(city.equals("Zürich") ? ",large\n" : ",small\n");
        }
        var service = new Service(client);
        service.train(
                JsonMapper.shared()
                        .readTree(
                                """
                                {"name": "%s", "target": "size", "loss": "CrossEntropyLoss",
                                 "model": {"layers": [{"type": "Linear", "out_features": 2}]},
                                 "optimizer": {"type": "Adam", "lr": 0.2}, "epochs": 30, "seed": 1}
                                """
                                        .formatted(model.name())),
                service.upload(csv.toString()));
    }
}
