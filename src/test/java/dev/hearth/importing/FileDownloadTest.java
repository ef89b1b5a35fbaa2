package dev.hearth.importing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.Client.Answer;
import dev.hearth.HearthTest;
import dev.hearth.torchscript.SavedFiles;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A version's files can be fetched in parts, and not twice. */
@HearthTest
class FileDownloadTest {

    private static final String NAME = "download-parts";
    private static final String URL =
            "/v1/models/" + NAME + "/versions/1/files/model.torchscript.pt";

    @Autowired Client client;

    private byte[] whole;
    private String etag;

    @BeforeEach
    void fetchOnce() {
        if (client.get("/v1/models/" + NAME).status() == 404) {
            ImportForm.post(client, ImportForm.iris(NAME), SavedFiles.bytes("iris.pt"));
        }
        Answer answer = client.get(URL);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        whole = answer.body();
        etag = answer.header("ETag");
        assertThat(answer.header("Accept-Ranges")).isEqualTo("bytes");
        assertThat(answer.header("Content-Length")).isEqualTo(String.valueOf(whole.length));
        assertThat(etag).matches("\"[0-9a-f]{64}\"");
    }

    @Test
    void aClientThatHasTheFileGetsNothing() {
        Answer answer = client.get(URL, "If-None-Match", etag);
        assertThat(answer.status()).isEqualTo(304);
        assertThat(answer.body()).isEmpty();
        assertThat(client.get(URL, "If-None-Match", "\"other\"").status()).isEqualTo(200);
    }

    @Test
    void aPartIsThatPart() {
        Answer middle = client.get(URL, "Range", "bytes=10-19");
        assertThat(middle.status()).isEqualTo(206);
        assertThat(middle.header("Content-Range")).isEqualTo("bytes 10-19/" + whole.length);
        assertThat(middle.body()).isEqualTo(Arrays.copyOfRange(whole, 10, 20));
        assertThat(client.get(URL, "Range", "bytes=-5").body())
                .isEqualTo(Arrays.copyOfRange(whole, whole.length - 5, whole.length));

        Answer beyond = client.get(URL, "Range", "bytes=" + whole.length + "-");
        assertThat(beyond.status()).isEqualTo(416);
        assertThat(beyond.header("Content-Range")).isEqualTo("bytes */" + whole.length);
    }

    @Test
    void aPartOfAnotherFileIsTheWholeOfThisOne() {
        assertThat(client.get(URL, "Range", "bytes=0-4", "If-Range", etag).status()).isEqualTo(206);

        Answer other = client.get(URL, "Range", "bytes=0-4", "If-Range", "\"other\"");
        assertThat(other.status()).isEqualTo(200);
        assertThat(other.body()).isEqualTo(whole);
    }
}
