package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.Client.Answer;
import dev.hearth.HearthTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Files of a form that is not read are 415 whatever they are called, alone and compressed; bad
 * tables get the same answer alone, compressed, and beside an archive of pictures.
 */
@HearthTest
class MisnamedFilesTest {

    private static final String SVG = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";

    @Autowired Client client;

    private static Map<String, byte[]> unread() {
        var tar = new byte[1024];
        System.arraycopy(latin1("data.csv"), 0, tar, 0, 8);
        System.arraycopy(latin1("ustar"), 0, tar, 257, 5);
        var files = new LinkedHashMap<String, byte[]>();
        files.put("an SVG image", latin1(SVG));
        files.put(
                "an SVG image ", latin1("<?xml version=\"1.0\"?>\n<!-- made by hand -->\n" + SVG));
        files.put("an SVG image  ", latin1("\u00ef\u00bb\u00bf\n  " + SVG));
        files.put("an SVG image   ", latin1("<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\">"));
        files.put("a PNG image", Pngs.grey(2, 2, 9));
        files.put("a GIF image", latin1("GIF89a\1\0\1\0"));
        files.put("a BMP image", latin1("BMF\0\0\0\0\0\0\0006"));
        files.put("a WebP image", latin1("RIFF\20\0\0\0WEBPVP8 "));
        files.put("a TIFF image", latin1("II*\0\10\0\0\0"));
        files.put("a JPEG image", latin1("\u00ff\u00d8\u00ff\u00e0"));
        files.put("a PDF document", latin1("%PDF-1.7\n"));
        files.put("a tar archive", tar);
        files.put("an archive of another form", latin1("7z\u00bc\u00af'\u001c\0\4"));
        files.put("an archive of another form ", latin1("\u00fd7zXZ\0\0"));
        files.put("an old spreadsheet", latin1("\u00d0\u00cf\u0011\u00e0\u00a1\u00b1"));
        return files;
    }

    @TestFactory
    List<DynamicTest> whatIsNotReadIsAnUnsupportedType() {
        var tests = new ArrayList<DynamicTest>();
        unread().forEach((what, bytes) -> {
            for (var name : List.of("data.csv", "data.zip", "data")) {
                tests.add(
                        DynamicTest.dynamicTest(
                                what + " called " + name,
                                () ->
                                        assertUnsupported(
                                                upload(Map.of(name, bytes)), what.strip())));
            }
            for (var name : List.of("data.csv.gz", "data.tar.gz", "data.zip")) {
                tests.add(
                        DynamicTest.dynamicTest(
                                what + " compressed and called " + name,
                                () ->
                                        assertUnsupported(
                                                upload(Map.of(name, Zips.gzip(bytes))),
                                                name.endsWith(".csv.gz")
                                                        ? what.strip()
                                                        : "compressed by gzip")));
            }
        });
        return tests;
    }

    private static void assertUnsupported(Answer answer, String what) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(415);
        assertThat(answer.text()).contains("unsupported-media-type", what);
    }

    @Test
    void anArchiveCompressedOnceMoreIsUnsupported() {
        byte[] zip = new Zips().add("a/1.png", Pngs.grey(2, 2, 9)).build();
        assertUnsupported(upload(Map.of("data.gz", Zips.gzip(zip))), "a zip archive");
        assertUnsupported(upload(Map.of("data.gz", Zips.gzip(Zips.gzip(zip)))), "gzip");
    }

    @Test
    void textThatBeginsAsAPictureMayIsText() {
        for (var csv : List.of("BMI,age\n1.5,2\n2.5,3\n", "II*,MM\n1,2\n", "<xml>,b\n1,2\n")) {
            assertThat(upload(Map.of("data.csv", latin1(csv))).status()).as(csv).isEqualTo(201);
        }
    }

    private static Map<String, byte[]> badTables() {
        var files = new LinkedHashMap<String, byte[]>();
        files.put("empty", latin1(""));
        files.put("no rows", latin1("file,b\n"));
        files.put("line 3", latin1("file,b\n1.png,2\n1.png,2,3\n"));
        files.put("'file'", latin1("file,b,file\n1.png,2,3\n"));
        files.put("quote", latin1("file,b\n1.png,\"2\n3,4\n"));
        files.put("NUL", latin1("file,b\n1.png,2\n1.png,\0\n"));
        files.put("UTF-8", latin1("file,b\n1.png,\u00e4\n"));
        files.put("column b", latin1("file,b\n" + "1.png,1.5\n".repeat(9) + "1.png,NaN\n"));
        files.put("column b ", latin1("file,b\n" + "1.png,1.5\n".repeat(9) + "1.png,1e999\n"));
        files.put(
                "4096",
                latin1("file" + ",x".repeat(100_000) + "\n1.png" + ",1".repeat(100_000) + "\n"));
        return files;
    }

    @TestFactory
    List<DynamicTest> aBadTableIsRefusedWhereverItIs() {
        byte[] zip = new Zips().add("1.png", Pngs.grey(2, 2, 9)).build();
        var tests = new ArrayList<DynamicTest>();
        badTables()
                .forEach((says, csv) -> {
                    var sent = new LinkedHashMap<String, Map<String, byte[]>>();
                    sent.put("alone", Map.of("t.csv", csv));
                    sent.put("compressed", Map.of("t.csv.gz", Zips.gzip(csv)));
                    sent.put("beside pictures", Map.of("t.csv", csv, "p.zip", zip));
                    sent.forEach((how, files) ->
                            tests.add(
                                    DynamicTest.dynamicTest(
                                            says + " " + how,
                                            () -> {
                                                var answer = upload(files);
                                                assertThat(answer.status())
                                                        .as(answer.toString())
                                                        .isEqualTo(422);
                                                assertThat(answer.text())
                                                        .contains("invalid-dataset", says.strip());
                                            })));
                });
        return tests;
    }

    @Test
    void formulasInCellsAreTakenAndNeutralisedInWhatIsWritten() {
        byte[] csv = latin1("a,b\n\"=HYPERLINK(\"\"x\"\")\",1\nz,2\n");
        for (var file : List.of(Map.of("t.csv", csv), Map.of("t.csv.gz", Zips.gzip(csv)))) {
            var made = upload(file);
            assertThat(made.status()).as(made.toString()).isEqualTo(201);
            var id = made.json().get("id").stringValue();
            assertThat(client.get("/v1/datasets/" + id + "/rows", "Accept", "text/csv").text())
                    .contains("'=HYPERLINK");
        }
    }

    private Answer upload(Map<String, byte[]> files) {
        return client.postFiles("/v1/datasets", files);
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
