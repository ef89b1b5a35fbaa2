package dev.hearth.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.Client.Answer;
import dev.hearth.HearthTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletRequest;

/** Plain predictions take a short way, and nobody can tell but by the time. */
@HearthTest
class PlainPredictionsTest {

    private static final String NAME = "plainly";
    private static final String PATH = "/v1/models/" + NAME + ":predict";
    private static final String SETOSA = "{\"rows\": [[5.1, 3.5, 1.4, 0.2]]}";

    /** Changes nothing, but is a parameter, with which a request goes the long way. */
    private static final String THE_LONG_WAY = "?priority=0";

    private final Client client;
    private final PlainPredictions plain;

    @Autowired
    PlainPredictionsTest(Client client, PlainPredictions plain) {
        this.client = client;
        this.plain = plain;
    }

    @BeforeEach
    void aModel() {
        new IrisVersions(client, NAME).train();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    200 | {"rows": [[5.1, 3.5, 1.4, 0.2]]}
                    200 | {"rows": [[5.1, 3.5, 1.4, 0.2], [6.3, 2.9, 5.6, 1.8]]}
                    200 | {"rows": [{"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}]}
                    400 | {
                    400 | {"rows": [[1, 2, 3, 4]],}
                    400 | {"rows": [], "rows": []}
                    400 | {"rows": [[NaN, 1, 1, 1]]}
                    400 | {"rows": [[1, 2, 3, 4]]} more
                    400 | ' '
                    422 | []
                    422 | null
                    422 | {"rows": []}
                    422 | {"rows": 3}
                    422 | {"rows": [[1, 2, 3]]}
                    422 | {"rows": [[1, 2, 3, null]]}
                    422 | {"rows": [[1, 2, 3, "x"]]}
                    422 | {"rows": [[1, 2, 3, 1e999]]}
                    422 | {"rows": [{"sepal_length": 5.1, "ünbekannt": [1], "petal_width": {}}, 7]}
                    422 | {"rows": [[1, 2, 3, 4]], "columns": []}
                    """)
    void bothWaysAnswerTheSame(int status, String body) {
        assertThat(answeredAlike(PATH, "application/json", body).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "200, /v1/models/plainly@latest:predict",
        "200, /v1/models/plainly/versions/2:predict",
        "404, /v1/models/plainly/versions/9:predict",
        "400, /v1/models/plainly/versions/0:predict",
        "400, /v1/models/plainly/versions/99999999999:predict",
        "400, /v1/models/plainly@latest/versions/1:predict",
        "404, /v1/models/plainly@nobody:predict",
        "400, /v1/models/plainly@:predict",
        "400, /v1/models/@latest:predict",
        "404, /v1/models/nobody:predict",
        "400, /v1/models/Nobody:predict",
        "400, /v1/models/-:predict"
    })
    void whateverIsAsked(int status, String path) {
        assertThat(answeredAlike(path, "application/json", SETOSA).status()).isEqualTo(status);
        answeredAlike(path, "application/json", "{");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json;charset=utf-8",
                "application/json; charset=UTF-8",
                "application/json;charset=iso-8859-1",
                "application/json;v=1",
                "Application/JSON",
                "application/problem+json",
                "text/csv",
                "text/plain",
                "nonsense"
            })
    void ofWhateverType(String type) {
        answeredAlike(PATH, type, SETOSA);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*",
                "application/json",
                "text/csv",
                "image/png",
                "application/*",
                "application/json;q=0.5",
                "text/csv, application/json",
                "nonsense"
            })
    void forWhateverIsAccepted(String accepted) {
        answeredAlike(PATH, "application/json", SETOSA, "Accept", accepted);
        answeredAlike(PATH, "application/json", "{}", "Accept", accepted);
    }

    @Test
    void withAWrongKeyOrWithTooManyBytes() {
        assertThat(
                        answeredAlike(
                                        PATH,
                                        "application/json",
                                        SETOSA,
                                        "Authorization",
                                        "Bearer 0123456789abcdef")
                                .status())
                .isEqualTo(401);
        assertThat(answeredAlike(PATH, "application/json", " ".repeat(17 << 20)).status())
                .isEqualTo(413);
    }

    @Test
    void alsoWhereTheAnswerIsSentInPieces() {
        String rows = "[5.1, 3.5, 1.4, 0.2], ".repeat(500) + "[6.3, 2.9, 5.6, 1.8]";

        assertThat(answeredAlike(PATH, "application/json", "{\"rows\": [" + rows + "]}").status())
                .isEqualTo(200);
    }

    @Test
    void bothAreMeasuredUnderOneName() {
        for (String series :
                List.of(
                        "exception=\"none\",method=\"POST\",outcome=\"SUCCESS\",status=\"200\",uri=\"/v1/models/{name}/versions/{version}:predict\"",
                        "method=\"POST\",outcome=\"CLIENT_ERROR\",status=\"404\",uri=\"/v1/models/{name}:predict\"")) {
            boolean isFound = series.contains("200");
            String path =
                    isFound ? "/v1/models/plainly/versions/1:predict" : "/v1/models/nobody:predict";
            double before = counted(series);

            client.post(path, SETOSA);
            client.post(path + THE_LONG_WAY, SETOSA);

            assertThat(counted(series)).isEqualTo(before + 2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/models/plainly:predict",
                "/v1/models/plainly@prod:predict",
                "/v1/models/plainly/versions/12:predict"
            })
    void plainPredictionsTakeTheShortWay(String path) {
        assertThat(plain.getHandler(request(path))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/models/:predict",
                "/v1/models/plain.ly:predict",
                "/v1/models/plain%6Cy:predict",
                "/v1/models/plainly;x=1:predict",
                "/v1/models/plain/ly:predict",
                "/v1/models/plainly/versions/:predict",
                "/v1/models/plainly/versions/x:predict",
                "/v1/models/plainly/versions/1/2:predict",
                "/v1/models/plainly:explain",
                "/v1/models/plainly:predict/",
                "/v1/batch-predictions",
                ":predict"
            })
    void allElseTakesTheLongWay(String path) {
        assertThat(plain.getHandler(request(path))).isNull();
    }

    private static MockHttpServletRequest request(String path) {
        var request = new MockHttpServletRequest("POST", path);
        request.setContentType("application/json");
        request.setContent(SETOSA.getBytes(StandardCharsets.UTF_8));
        return request;
    }

    private double counted(String series) {
        return client.get("/actuator/prometheus")
                .text()
                .lines()
                .filter(line -> line.startsWith("http_server_requests_seconds_count"))
                .filter(line -> line.contains(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private Answer answeredAlike(String path, String type, String body, String... headers) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Answer shortly = client.post(path, type, bytes, headers);
        Answer longly = client.post(path + THE_LONG_WAY, type, bytes, headers);

        assertThat(shortly.toString()).isEqualTo(longly.toString());
        assertThat(shortly.headers()).isEqualTo(longly.headers());
        return shortly;
    }
}
