package dev.hearth.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Golden rows over HTTP; the third version takes setosa for virginica. */
@HearthTest
class GoldenRowsTest {

    private static final String PATH = "/v1/models/golden-iris/golden-rows";
    private static final String FLOWERS =
            """
            {"rows": [
              {"row": {"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2},
               "expect": {"label": "setosa", "probabilities": {"setosa": 0.9}, "tolerance": 0.11}},
              {"row": [6.3, 2.9, 5.6, 1.8], "expect": {"label": "virginica"}}]}
            """;

    @Autowired Client client;

    private IrisVersions iris;

    @BeforeEach
    void train() {
        iris = new IrisVersions(client, "golden-iris");
        iris.train();
        client.delete(PATH);
    }

    @Test
    void goldenRowsAreKeptAsTheyWereSent() {
        assertThat(client.get(PATH).status()).isEqualTo(404);

        Client.Answer answer = iris.put(PATH, FLOWERS);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        JsonNode stored = client.get(PATH).json();
        assertThat(stored.get("rows").toString())
                .startsWith("[{\"row\":{\"sepal_length\":5.1,\"sepal_width\":3.5,");
        assertThat(stored.get("changed_by").stringValue()).isEqualTo("default");
        assertThat(client.delete(PATH).status()).isEqualTo(204);
        assertThat(client.delete(PATH).status()).isEqualTo(404);
    }

    @Test
    void whatAnswersThemOtherwiseIsNotSwitchedTo() {
        iris.set("prod", "{\"version\": 1}");
        iris.put(PATH, FLOWERS);

        iris.set("prod", "{\"version\": 2}");
        Client.Answer refused = iris.put(iris.path("prod"), "{\"version\": 3}");

        assertThat(refused.status()).as(refused.toString()).isEqualTo(409);
        assertThat(refused.json().get("type").stringValue()).endsWith(":golden-rows-failed");
        assertThat(refused.json().get("errors").size()).isEqualTo(2);
        assertThat(refused.json().at("/errors/0/pointer").stringValue())
                .isEqualTo("/golden-rows/rows/0");
        assertThat(refused.json().at("/errors/0/message").stringValue())
                .startsWith(
                        "version 3: label: expected setosa, got virginica; probabilities/setosa:"
                                + " expected 0.9 ± 0.11, got ");
        assertThat(refused.json().at("/errors/1/message").stringValue())
                .isEqualTo("version 3: label: expected virginica, got setosa");
        assertThat(iris.version("prod", "")).isEqualTo(2);
    }

    @Test
    void eachVersionOfASplitIsAskedAndTheShadowIsNot() {
        iris.put(PATH, FLOWERS);

        assertThat(
                        iris.put(
                                        iris.path("split"),
                                        "{\"versions\": [{\"version\": 1, \"weight\": 99}, {\"version\": 3,"
                                                + " \"weight\": 1}]}")
                                .status())
                .isEqualTo(409);
        iris.set("split", "{\"version\": 1, \"shadow\": {\"version\": 3}}");
    }

    /** What was in use before can be had back, whatever the golden rows have become. */
    @Test
    void goingBackAsksNoGoldenRows() {
        iris.set("back", "{\"version\": 3}");
        iris.put(PATH, FLOWERS);
        iris.set("back", "{\"version\": 1}");

        assertThat(client.post(iris.path("back") + ":rollback", "").status()).isEqualTo(200);
        assertThat(iris.version("back", "")).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    []                                         | /rows | expected {"rows"
                    {"rows": []}                               | /rows | 1 to 1000 golden rows, got 0
                    {"rows": [7]}                              | /rows/0 | expected an object
                    {"rows": [{"expect": {"label": "setosa"}}]} | /rows/0 | needs a row
                    {"rows": [{"row": [1, 2, 3, 4]}]}          | /rows/0/expect | label or probabilities
                    {"rows": [{"row": [1, 2, 3, 4], "expect": {}}]} | /rows/0/expect | label or probabilities
                    {"rows": [{"row": [1, 2, 3], "expect": {"label": "setosa"}}]} | /rows/0/row | expected 4 values
                    {"rows": [{"row": {"sepal_length": "x", "sepal_width": 1, "petal_length": 1, "petal_width": 1}, "expect": {"label": "setosa"}}]} | /rows/0/row/sepal_length | expected a number
                    {"rows": [{"row": [1, 2, 3, 4], "expect": {"label": "rose"}}]} | /rows/0/expect/label | expected one of
                    {"rows": [{"row": [1, 2, 3, 4], "expect": {"value": 3}}]} | /rows/0/expect | label or probabilities
                    {"rows": [{"row": [1, 2, 3, 4], "expect": {"label": "setosa", "value": 3}}]} | /rows/0/expect/value | unknown field
                    {"rows": [{"row": [1, 2, 3, 4], "expect": {"probabilities": {"rose": 1}}}]} | /rows/0/expect/probabilities/rose | unknown
                    {"rows": [{"row": [1, 2, 3, 4], "expect": {"probabilities": {"setosa": 2}}}]} | /rows/0/expect/probabilities/setosa | 0 to 1
                    {"rows": [{"row": [1, 2, 3, 4], "expect": {"label": "setosa", "tolerance": -1}}]} | /rows/0/expect/tolerance | at least 0
                    {"rows": [{"image": "AAAA", "expect": {"label": "setosa"}}]} | /rows/0/image | no image
                    {"rows": [{"row": [1, 2, 3, 4], "image": "AAAA", "expect": {"label": "setosa"}}]} | /rows/0 | both
                    {"rows": [{"row": [1, 2, 3, 4], "colour": 1, "expect": {"label": "setosa"}}]} | /rows/0/colour | unknown field
                    """)
    void whatTheModelCannotTakeOrAnswerIsRefused(String rows, String pointer, String words) {
        Client.Answer answer = iris.put(PATH, rows);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
        assertThat(answer.json().at("/errors/0/pointer").stringValue()).isEqualTo(pointer);
        assertThat(answer.json().at("/errors/0/message").stringValue()).contains(words);
        assertThat(client.get(PATH).status()).isEqualTo(404);
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        Client.Answer answer =
                iris.put(
                        PATH,
                        """
                        {"rows": [{"row": [1, 2], "expect": {"label": "rose"}}, {"expect": 1}]}
                        """);

        assertThat(answer.json().get("errors").size()).isEqualTo(4);
    }

    @Test
    void thereAreNoGoldenRowsOfNoModel() {
        assertThat(iris.put("/v1/models/golden-none/golden-rows", FLOWERS).status())
                .isEqualTo(404);
        assertThat(iris.put(PATH, "{").status()).isEqualTo(400);
    }
}
