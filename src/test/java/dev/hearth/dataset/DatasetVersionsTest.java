package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.Client.Answer;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Versions of data sets: appended to, and read again in another way. */
@HearthTest
class DatasetVersionsTest {

    @Autowired Client client;

    private Service service;
    private String first;
    private final String unique = UUID.randomUUID().toString();

    @BeforeEach
    void upload() {
        service = new Service(client);
        first = service.upload("id,kind\n1,red\n2," + unique + "\n");
    }

    @Test
    void appendedRowsMakeANewVersionWithTheSchemaOfItsParent() {
        var answer = append("id,kind\r\n3,\n", Map.of());

        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        var second = answer.json();
        assertThat(second.get("version").intValue()).isEqualTo(2);
        assertThat(second.get("family").stringValue()).isEqualTo(first);
        assertThat(second.get("parent").stringValue()).isEqualTo(first);
        assertThat(second.get("rows").longValue()).isEqualTo(3);
        assertThat(second.get("files").size()).isEqualTo(2);
        assertThat(second.at("/columns/0/type").stringValue()).isEqualTo("integer");
        assertThat(second.at("/columns/1/type").stringValue()).isEqualTo("categorical");
        assertThat(rows(second.get("id").stringValue()))
                .isEqualTo("id,kind\n1,red\n2,%s\n3,\n".formatted(unique));
        assertThat(rows(first)).isEqualTo("id,kind\n1,red\n2,%s\n".formatted(unique));
    }

    @Test
    void aRowThatDoesNotFitTheSchemaIsNamedByItsOwnFileAndLine() {
        var answer = append("id,kind\n3,red\nfour,red\n", Map.of());

        assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
        assertThat(answer.json().at("/errors/0/pointer").stringValue())
                .isEqualTo("upload, line 3, column id");
        assertThat(append("id,colour\n3,red\n", Map.of()).text()).contains("'id,kind'");
        assertThat(client.get("/v1/datasets/" + first + "/versions").json().get("items").size())
                .isEqualTo(1);
    }

    @Test
    void theSameFilesCanBeReadInAnotherWay() {
        var answer =
                client.post(
                        "/v1/datasets/" + first + "/versions",
                        "{\"options\": {\"columns\": {\"id\": \"text\"}}}");

        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        assertThat(answer.json().at("/columns/0/type").stringValue()).isEqualTo("text");
        assertThat(answer.json().at("/columns/1/type").stringValue()).isEqualTo("categorical");
        assertThat(answer.json().get("sha256"))
                .isEqualTo(client.get("/v1/datasets/" + first).json().get("sha256"));
        assertThat(client.post("/v1/datasets/" + first + "/versions", "{}").text())
                .contains("/options");
    }

    @Test
    void versionsAreListedAndTheirNumbersAreNotGivenTwice() {
        var second = id(append("id,kind\n3,red\n", Map.of()));
        assertThat(client.delete("/v1/datasets/" + second).status()).isEqualTo(204);
        var third = append("id,kind\n4,red\n", Map.of());

        assertThat(third.json().get("version").intValue()).isEqualTo(3);
        var listed = client.get("/v1/datasets/" + id(third) + "/versions").json().get("items");
        assertThat(listed.valueStream().map(one -> one.get("id").stringValue()))
                .containsExactly(id(third), first);
    }

    @Test
    void aVersionOutlivesItsParent() {
        var second = id(append("id,kind\n3,red\n", Map.of()));

        assertThat(client.delete("/v1/datasets/" + first).status()).isEqualTo(204);

        assertThat(rows(second)).contains(unique, "3,red");
        assertThat(client.get("/v1/datasets/" + second + "/file").text()).contains(unique);
        assertThat(client.get("/v1/datasets/" + second).json().get("parent").stringValue())
                .isEqualTo(first);
        assertThat(client.get("/v1/datasets/" + first + "/versions").status()).isEqualTo(404);
    }

    @Test
    void onlyWhatIsReadyHasFurtherVersions() {
        var broken =
                client.postForm(
                        "/v1/datasets",
                        Map.of("file;text/csv", "a,b\n1\n"),
                        "Prefer",
                        "respond-async");

        var answer = client.post("/v1/datasets/" + id(broken) + "/versions", "{\"options\": {}}");

        assertThat(answer.status()).isEqualTo(409);
    }

    @Test
    void aFileComesBackWithItsDigest() {
        var file = client.get("/v1/datasets/" + first + "/file");
        var hex = client.get("/v1/datasets/" + first).json().get("sha256").stringValue();
        var digest = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));

        assertThat(file.header("Repr-Digest")).isEqualTo("sha-256=:" + digest + ":");
    }

    private Answer append(String csv, Map<String, String> more) {
        var parts = new LinkedHashMap<>(more);
        parts.put("file;text/csv", csv);
        return client.postForm("/v1/datasets/" + first + "/versions", parts);
    }

    private String rows(String id) {
        return client.get("/v1/datasets/" + id + "/rows", "Accept", "text/csv").text();
    }

    private static String id(Answer answer) {
        return answer.json().get("id").stringValue();
    }
}
