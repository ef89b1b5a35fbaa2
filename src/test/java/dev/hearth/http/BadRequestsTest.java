package dev.hearth.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.Client.Answer;
import dev.hearth.HearthTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

@HearthTest
class BadRequestsTest {

    private final Client client;

    @Autowired
    BadRequestsTest(Client client) {
        this.client = client;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"a": 1,}           | line 1, column
                    {"a": 1, "a": 2}    | Duplicate
                    {"a": 1} {"b": 2}   | expected the end
                    {"a": NaN}          | line 1
                    {"a": 01}           | line 1
                    {'a': 1}            | line 1
                    {"a":               | line 1
                    {"a": 1} // words   | line 1
                    """)
    void whatIsNotJsonIsRefusedWithItsPlace(String body, String expected) {
        var answer = client.post("/v1/probe/tree", body);

        isProblem(answer, 400, "malformed-request");
        assertThat(answer.json().at("/detail").asString()).contains(expected);
        assertThat(client.post("/v1/probe/thing", body).status()).isEqualTo(400);
    }

    @Test
    void aPathMayBeWrittenWithEscapes() {
        assertThat(client.post("/v1/%70robe/tree", "{}").status())
                .isEqualTo(client.post("/v1/probe/tree", "{}").status())
                .isEqualTo(200);
    }

    @Test
    void anEmptyBodyIsRefused() {
        isProblem(client.post("/v1/probe/tree", ""), 400, "malformed-request");
        isProblem(client.post("/v1/probe/thing", ""), 400, "malformed-request");
    }

    @Test
    void jsonNestedTooDeeplyIsRefused() {
        var answer = client.post("/v1/probe/tree", "[".repeat(100_000));

        isProblem(answer, 400, "malformed-request");
        assertThat(answer.json().at("/detail").asString()).contains("100 levels");
    }

    @Test
    void aNumberOfManyDigitsIsRefused() {
        var answer = client.post("/v1/probe/tree", "{\"lr\": " + "9".repeat(100_000) + "}");

        isProblem(answer, 400, "malformed-request");
        assertThat(answer.json().at("/detail").asString()).contains("1000 characters");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"first_name": "x", "how_many": 1, "color": 2}   | /color      | unknown field
                    {"first_name": "x", "how_many": "1"}             | /how_many   | an integer
                    {"first_name": "x", "how_many": 1.5}             | /how_many   | an integer
                    {"first_name": 1, "how_many": 1}                 | /first_name | a text
                    """)
    void jsonOfAnotherShapeIsRefusedWithItsPointer(String body, String pointer, String message) {
        var answer = client.post("/v1/probe/thing", body);

        isProblem(answer, 422, "invalid-request");
        assertThat(answer.json().at("/errors/0/pointer").asString()).isEqualTo(pointer);
        assertThat(answer.json().at("/errors/0/message").asString()).contains(message);
    }

    @Test
    void jsonIsSnakeCaseWithTimesInUtc() {
        var answer =
                client.post(
                        "/v1/probe/thing",
                        """
                        {"first_name": "x", "how_many": 1, "since": "2030-01-01T12:00:00Z"}
                        """);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/since").asString()).isEqualTo("2030-01-01T12:00:00Z");
        assertThat(answer.json().at("/first_name").asString()).isEqualTo("x");
    }

    @ParameterizedTest
    @CsvSource({"GET,/nowhere", "POST,/v1/nowhere", "DELETE,/v1/probe/nowhere", "GET,/"})
    void anUnknownPathIsNotFoundWhateverTheMethod(String method, String path) {
        isProblem(client.send(method, path, BodyPublishers.noBody()), 404, "not-found");
    }

    @Test
    void aMethodThatIsNotPossibleNamesThoseThatAre() {
        var answer = client.delete("/v1/probe/things");

        isProblem(answer, 405, "method-not-allowed");
        assertThat(answer.header("Allow")).isEqualTo("GET");
    }

    @Test
    void aBodyWithoutATypeIsRefused() {
        var answer =
                client.send("POST", "/v1/probe/tree", BodyPublishers.ofByteArray(new byte[] {'1'}));

        isProblem(answer, 415, "unsupported-media-type");
        assertThat(answer.json().at("/detail").asString()).contains("no Content-Type");
    }

    @Test
    void aTypeThatIsNotUnderstoodIsRefused() {
        isProblem(
                client.post("/v1/probe/tree", "text/plain", new byte[] {'1'}),
                415,
                "unsupported-media-type");
        isProblem(
                client.post("/v1/probe/tree", "nonsense", new byte[] {'1'}),
                415,
                "unsupported-media-type");
    }

    @Test
    void evenWhoTakesOnlyImagesGetsAProblemToRead() {
        isProblem(client.get("/v1/probe/things", "Accept", "image/x"), 406, "not-acceptable");
        isProblem(client.get("/v1/nowhere", "Accept", "image/x"), 404, "not-found");
        isProblem(client.get("/v1/probe/bug", "Accept", "image/x"), 500, "internal-error");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/probe/things/1",
        "/v1/probe/things/1-1-1-1-1",
        "/v1/probe/things/0b6e2d0c6d4f4b8e9a533c1f5a7e9d20",
        "/v1/probe/things/%20"
    })
    void whatIsNotAnIdIsRefused(String path) {
        var answer = client.get(path);

        isProblem(answer, 400, "malformed-identifier");
        assertThat(answer.json().at("/detail").asString()).contains("looks like");
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0,1 to 200",
        "limit=1000000000,1 to 200",
        "limit=99999999999,integer",
        "limit=x,integer",
        "cursor=x,cursor",
        "cursor=AAAA,cursor"
    })
    void aPageThatCannotBeIsRefused(String query, String expected) {
        var answer = client.get("/v1/probe/things?" + query);

        isProblem(answer, 400, "invalid-parameter");
        assertThat(answer.json().at("/detail").asString()).contains(expected);
    }

    @Test
    void anOverloadedServiceSaysWhenToTryAgain() {
        var answer = client.get("/v1/probe/full");

        isProblem(answer, 503, "overloaded");
        assertThat(answer.header("Retry-After")).matches("\\d+");
    }

    @Test
    void aFullDiskIsTheServersAndMayPass() {
        var answer = client.get("/v1/probe/full-disk");

        isProblem(answer, 503, "storage-full");
        assertThat(answer.header("Retry-After")).matches("\\d+");
    }

    @Test
    void ourOwnJsonThatCannotBeReadIsOurFault() {
        var answer = client.get("/v1/probe/own-json");

        isProblem(answer, 500, "internal-error");
        assertThat(answer.text()).doesNotContain("how_many");
    }

    @Test
    void ourOwnFailuresGiveAReferenceAndNothingElseAway() {
        var answer = client.get("/v1/probe/bug");

        isProblem(answer, 500, "internal-error");
        assertThat(answer.json().at("/detail").asString()).containsPattern("[0-9a-f-]{36}");
        assertThat(answer.text()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/probe/things/%2e%2e%2f",
        "/v1/probe/things/%2e%2e/x",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/v1/probe/things/a%00b",
        "/v1/probe/things/a;b=c",
        "/v1/probe/things/%zz",
        "/v1/probe//things",
        "/v1/probe/things/<>",
        "/v1/probe/things?limit={}"
    })
    void aPathThatNoClientShouldSendIsRefusedAsAProblem(String path) {
        var answer =
                client.sendRaw(
                        "GET "
                                + path
                                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400 ");
        assertThat(answer).contains("application/problem+json", "malformed-request");
        assertThat(answer).doesNotContain("<html", "Exception", "Tomcat");
    }

    @Test
    void headersThatCannotBeReadAreRefused() {
        assertThat(client.sendRaw("GET /v1/probe/things HTTP/1.1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .doesNotContain("<html");
        assertThat(client.sendRaw("nonsense\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .doesNotContain("<html");
        assertThat(
                        client.sendRaw(
                                "GET /v1/probe/things HTTP/1.1\r\nHost: localhost\r\nBig: "
                                        + "x".repeat(100_000)
                                        + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 4")
                .doesNotContain("<html");
    }

    @Test
    void headAndOptionsBehave() {
        var head = client.send("HEAD", "/v1/probe/things", BodyPublishers.noBody());
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        var options = client.send("OPTIONS", "/v1/probe/things", BodyPublishers.noBody());
        assertThat(options.status()).isEqualTo(200);
        assertThat(options.header("Allow")).contains("GET", "HEAD", "OPTIONS");
        var missing = client.send("HEAD", "/v1/nowhere", BodyPublishers.noBody());
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.body()).isEmpty();
    }

    @Test
    void aFormWithoutItsPartIsRefused() {
        isProblem(
                client.postForm("/v1/probe/form", Map.of("other", "x")), 400, "invalid-parameter");
        isProblem(
                client.post("/v1/probe/form", "multipart/form-data", new byte[] {'x'}),
                400,
                "malformed-request");
        isProblem(
                client.post(
                        "/v1/probe/form",
                        "multipart/form-data; boundary=b",
                        "--b\r\nx".getBytes(StandardCharsets.UTF_8)),
                400,
                "malformed-request");
    }

    private static void isProblem(Answer answer, int status, String slug) {
        assertThat(answer.status()).as(answer::toString).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        var problem = answer.json();
        assertThat(problem.at("/type").asString()).isEqualTo("urn:hearth:problem:" + slug);
        assertThat(problem.at("/status").asInt()).isEqualTo(status);
        assertThat(problem.at("/title").asString()).isNotBlank();
        assertThat(problem.at("/detail").asString())
                .isNotBlank()
                .doesNotContain("java.", "tools.jackson", "dev.hearth");
        assertThat(problem.at("/instance").asString()).startsWith("/");
        assertThat(problem.at("/errors").isArray()).isTrue();
    }
}
