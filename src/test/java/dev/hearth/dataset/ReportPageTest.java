package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Reports to look at, and pictures, over HTTP. */
@HearthTest
class ReportPageTest {

    private static final String EVIL = "<script>alert(1)</script>";

    @Autowired Client client;

    @Test
    void aTablesReportIsAPageThatLoadsNothing() {
        String id = new Service(client).upload("\"" + EVIL + "\",n\n" + EVIL + ",1\nb,2\nb,3\n");
        var page = client.get("/v1/datasets/" + id + "/report", "Accept", "text/html");
        assertThat(page.status()).as(page.toString()).isEqualTo(200);
        assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
        assertThat(page.text()).contains("&lt;script&gt;", "<svg", "integer").doesNotContain(EVIL);
        assertLoadsNothing(page.text());
    }

    @Test
    void numbersHaveAHistogramAndClassesTheirBalance() {
        var csv = new StringBuilder("size,kind\n");
        for (int i = 0; i <= 40; i++) {
            csv.append(i / 4.0).append(i % 4 == 0 ? ",a\n" : ",b\n");
        }
        String id = new Service(client).upload(csv.toString());

        var page = client.get("/v1/datasets/" + id + "/report", "Accept", "text/html").text();

        assertThat(page)
                .contains(
                        "aria-label=\"Histogram of size from 0.000 to 10.00: [2, 2, 2,",
                        "<title>0.000 to 0.5000: 2</title>",
                        "median 5.000",
                        "<th>b</th>",
                        "<td>30</td><td>73.2 %</td>",
                        "prefers-color-scheme: dark");
        assertThat(page.split("<rect", -1)).hasSize(1 + 20 + 2);
    }

    @Test
    void withoutAskingForAPageTheReportIsJson() {
        String id = new Service(client).upload("a\n1\n2\n");
        for (String accept : List.of("*/*", "application/json", "text/html;q=0.5, */*;q=0.1")) {
            var report = client.get("/v1/datasets/" + id + "/report", "Accept", accept);
            boolean isPage = accept.startsWith("text/html");
            assertThat(report.header("Content-Type"))
                    .as(accept)
                    .startsWith(isPage ? "text/html" : "application/json");
        }
    }

    @Test
    void aReportOfPicturesShowsThem() throws IOException {
        byte[] zip =
                new Zips()
                        .add("set/" + "a&b" + "/1.png", Pngs.colour(3, 200, 0x102030))
                        .add("set/c/1.png", Pngs.colour(2, 2, 0x102030))
                        .add("set/c/2.png", Pngs.grey(2, 2, 9))
                        .build();
        String id = upload(zip);
        var page = client.get("/v1/datasets/" + id + "/report", "Accept", "text/html");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text()).contains("a&amp;b", "blue", "2 to 3, mostly 2");
        assertLoadsNothing(page.text());
        var shown = Pattern.compile("data:image/png;base64,([^\"]+)").matcher(page.text());
        assertThat(shown.results()).hasSize(3);

        var report = client.get("/v1/datasets/" + id + "/report").json();
        assertThat(report.at("/images/mode").stringValue()).isEqualTo("RGB");
        assertThat(report.at("/images/width/max").intValue()).isEqualTo(200);
        assertThat(report.at("/columns/2/type").stringValue()).isEqualTo("image");
    }

    @Test
    void aPicturesCellIsALinkToItsValues() throws IOException {
        byte[] zip =
                new Zips()
                        .add("a/1.png", Pngs.colour(2, 3, 0x102030))
                        .add("b/1.png", Pngs.grey(4, 5, 77))
                        .build();
        String id = upload(zip);
        var rows = client.get("/v1/datasets/" + id + "/rows").json().get("items");
        assertThat(rows.get(0).get("image").stringValue())
                .isEqualTo("/v1/datasets/" + id + "/rows/0/image.png");
        assertPicture(rows.get(0).get("image").stringValue(), 2, 3, 0x102030);
        assertPicture(rows.get(1).get("image").stringValue(), 4, 5, 0x4D4D4D);
        String rowsPath = "/v1/datasets/" + id + "/rows/";
        assertThat(client.get(rowsPath + "2/image.png").status()).isEqualTo(404);
        assertThat(client.get(rowsPath + "0/label.png").status()).isEqualTo(404);
        assertThat(client.get(rowsPath + "-1/image.png").status()).isEqualTo(400);
        assertThat(client.get(rowsPath + "x/image.png").status()).isEqualTo(400);
    }

    private void assertPicture(String path, int height, int width, int rgb) throws IOException {
        var answer = client.get(path);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("image/png");
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(answer.body()));
        assertThat(image.getHeight()).isEqualTo(height);
        assertThat(image.getWidth()).isEqualTo(width);
        for (int band = 0; band < image.getRaster().getNumBands(); band++) {
            assertThat(image.getRaster().getSample(width - 1, height - 1, band))
                    .isEqualTo(rgb >> (16 - 8 * band) & 0xFF);
        }
    }

    /** No script, and nothing from elsewhere: what there is are data URIs. */
    private static void assertLoadsNothing(String page) {
        assertThat(page).doesNotContain("<script", "<link", "http:", "https:", "url(", "@import");
        assertThat(Pattern.compile("(src|href)=\"(?!data:)").matcher(page).results()).isEmpty();
    }

    private String upload(byte[] zip) {
        var head =
                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.zip\"\r\n\r\n";
        var body =
                (head + new String(zip, StandardCharsets.ISO_8859_1) + "\r\n--b--\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1);
        var answer = client.post("/v1/datasets", "multipart/form-data; boundary=b", body);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.json().get("id").stringValue();
    }
}
