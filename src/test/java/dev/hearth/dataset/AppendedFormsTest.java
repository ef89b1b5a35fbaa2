package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.Client;
import dev.hearth.Client.Answer;
import dev.hearth.HearthTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Rows added to data sets of every form, over HTTP. */
@HearthTest
class AppendedFormsTest {

    @Autowired Client client;

    @ParameterizedTest
    @CsvSource({
        "plain.csv, table.csv.gz",
        "table.csv.gz, plain.csv",
        "table.tsv, table.tsv",
        "table.jsonl, table.jsonl",
        "snappy.parquet, zstd.parquet",
        "plain.csv, table.jsonl",
        "table.jsonl, none.parquet",
        "gzip.parquet, table.tsv",
    })
    void rowsOfATableAreAddedWhateverItsForm(String parentForm, String form) throws IOException {
        var parent = made("/v1/datasets", Map.of(parentForm, file(parentForm)));
        String before = rows(parent);

        var next = made(versions(parent), Map.of(form, file(form)));

        assertThat(next.get("parent")).isEqualTo(parent.get("id"));
        assertThat(next.get("version").intValue()).isEqualTo(2);
        assertThat(next.get("rows").longValue()).isEqualTo(10);
        assertThat(types(next)).isEqualTo(types(parent));
        String added = before.substring(before.indexOf('\n') + 1);
        assertThat(rows(next)).isEqualTo(before + added);
        assertThat(rows(parent)).isEqualTo(before);
        assertThat(client.get("/v1/datasets/" + id(parent)).json()).isEqualTo(parent);
    }

    @Test
    void columnsAreFoundByTheirNamesAndKeysThatAreNotThereAreMissing() {
        var parent = made("/v1/datasets", Map.of("t.csv", text("a,b\n1,x\n")));

        var files = new LinkedHashMap<String, byte[]>();
        files.put("u.csv", text("b,a\ny,2\n"));
        files.put("v.jsonl", text("{\"b\": \"z\"}\n{\"a\": 4, \"b\": null}\n"));
        var next = made(versions(parent), files);

        assertThat(rows(next)).isEqualTo("a,b\n1,x\n2,y\n,z\n4,\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "u.csv | a,c\\n1,2\\n | u.csv | it lacks 'b' and has 'c' besides",
                "u.csv | a\\n1\\n | u.csv | it lacks 'b'",
                "u.jsonl | {\"a\": 1, \"c\": 2}\\n | u.jsonl | it lacks 'b' and has 'c' besides",
                "u.csv | b,a\\ny,2\\ny\\n | u.csv, line 3 | expected 2 cells",
                "u.csv | b,a\\ny,2\\ny,no number\\n | u.csv, line 3, column a | no number",
                "u.jsonl | {\"a\": 1}\\n{\"a\": [1]}\\n | u.jsonl, line 2 | holds an object or an array",
                "u.csv | a,b,a\\n1,2,3\\n | u.csv | two columns called 'a'",
            })
    void rowsThatDoNotFitAreNamedByFileAndPlace(
            String name, String content, String place, String says) {
        var parent = made("/v1/datasets", Map.of("t.csv", text("a,b\n1,x\n")));

        var answer =
                client.postFiles(
                        versions(parent), Map.of(name, text(content.replace("\\n", "\n"))));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
        assertThat(answer.json().at("/errors/0/pointer").stringValue()).isEqualTo(place);
        assertThat(answer.json().at("/errors/0/message").stringValue()).contains(says);
        assertThat(client.get(versions(parent)).json().get("items").size()).isEqualTo(1);
    }

    @Test
    void tensorsGrowByTheirFirstExtent() throws IOException {
        var arrays = new LinkedHashMap<String, byte[]>();
        for (var name : List.of("x", "y", "z", "yes", "picture")) {
            arrays.put(name + ".npy", file(name + ".npy"));
        }
        var one = Map.of("t.safetensors", file("tensors.safetensors"));
        for (Map<String, byte[]> files : List.of(arrays, one)) {
            var parent = made("/v1/datasets", files);

            var next = made(versions(parent), files);

            assertThat(next.get("rows").longValue()).isEqualTo(10);
            assertThat(types(next)).isEqualTo(types(parent));
            assertThat(client.get("/v1/datasets/" + id(next) + "/rows/9/picture.png").body())
                    .isEqualTo(
                            client.get("/v1/datasets/" + id(parent) + "/rows/4/picture.png")
                                    .body());
            assertThat(rows(next)).hasLineCount(11);
        }
    }

    @Test
    void tensorsOfAnotherTypeOrShapeAreRefusedByName() {
        var parent = made("/v1/datasets", Map.of("w.npy", npy("<f4", "(2, 3)", 24)));

        var shape = client.postFiles(versions(parent), Map.of("w.npy", npy("<f4", "(2, 4)", 32)));
        var type = client.postFiles(versions(parent), Map.of("w.npy", npy("<f8", "(2, 3)", 48)));
        var lengths = client.postFiles(versions(parent), Map.of("v.npy", npy("<f4", "(2, 3)", 24)));

        assertThat(shape.status()).as(shape.toString()).isEqualTo(422);
        assertThat(shape.text()).contains("tensor w", "float32 [4]", "float32 [3]");
        assertThat(type.text()).contains("tensor w", "float64 [3]", "float32 [3]");
        // Another column besides: as many rows, and so not as many as both have together.
        assertThat(lengths.status()).as(lengths.toString()).isEqualTo(201);
        assertThat(lengths.json().get("rows").longValue()).isEqualTo(2);
    }

    @Test
    void picturesAreAddedToPicturesWithTheirClasses() {
        byte[] first =
                new Zips()
                        .add("cat/1.png", Pngs.grey(2, 2, 9))
                        .add("dog/1.png", Pngs.grey(2, 2, 8))
                        .build();
        byte[] more =
                new Zips()
                        .add("cat/2.png", Pngs.grey(2, 2, 7))
                        .add("eel/1.png", Pngs.grey(2, 2, 6))
                        .build();
        var parent = made("/v1/datasets", Map.of("a.zip", first));

        var next = made(versions(parent), Map.of("b.zip", more));

        assertThat(next.get("rows").longValue()).isEqualTo(4);
        assertThat(next.at("/columns/0/categories").toString())
                .isEqualTo("[\"cat\",\"dog\",\"eel\"]");
        assertThat(parent.at("/columns/0/categories").toString()).isEqualTo("[\"cat\",\"dog\"]");
    }

    @Test
    void picturesAndLabelsInIdxFilesAreAdded() {
        var files = new LinkedHashMap<String, byte[]>();
        files.put("images", IdxTest.idx(0x08, new int[] {2, 1, 2}, 1, 2, 3, 4));
        files.put("labels", IdxTest.idx(0x08, new int[] {2}, 7, 1));
        var parent = made("/v1/datasets", files);
        var more = new LinkedHashMap<String, byte[]>();
        more.put("labels", IdxTest.idx(0x0C, new int[] {1}, 0, 0, 1, 44));
        more.put("images", IdxTest.idx(0x08, new int[] {1, 1, 2}, 5, 6));

        var next = made(versions(parent), more);

        assertThat(next.get("rows").longValue()).isEqualTo(3);
        assertThat(types(next)).isEqualTo(types(parent));
        assertThat(rows(next)).contains("7,", "1,", "300,");
        var only = Map.of("images", IdxTest.idx(0x08, new int[] {1, 1, 2}, 5, 6));
        var unlabelled = client.postFiles(versions(parent), only);
        assertThat(unlabelled.status()).as(unlabelled.toString()).isEqualTo(422);
        assertThat(unlabelled.text()).contains("3 pictures", "2 labels");
        assertThat(client.get(versions(parent)).json().get("items").size()).isEqualTo(2);
    }

    @Test
    void aLabelInAnIdxFileThatIsNoCategoryOfTheParentIsNamedByFileAndRow() {
        var files = new LinkedHashMap<String, byte[]>();
        files.put("labels", IdxTest.idx(0x08, new int[] {2}, 0, 1));
        var parent = made("/v1/datasets", files);
        var told =
                client.post(
                        versions(parent),
                        """
                        {"options": {"columns": {"label": {"type": "categorical", "categories": ["0", "1"]}}}}
                        """);
        assertThat(told.status()).as(told.toString()).isEqualTo(201);

        var answer =
                client.postFiles(
                        versions(told.json()),
                        Map.of("more", IdxTest.idx(0x08, new int[] {2}, 1, 9)));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
        assertThat(answer.json().at("/errors/0/pointer").stringValue())
                .isEqualTo("more, row 2, column label");
    }

    @Test
    void picturesInColourAreNotAddedToGreyOnesUnlessThatIsSaid() {
        byte[] grey = new Zips().add("cat/1.png", Pngs.grey(2, 2, 9)).build();
        byte[] colour = new Zips().add("cat/2.png", Pngs.colour(2, 2, 0x102030)).build();
        var parent = made("/v1/datasets", Map.of("a.zip", grey));

        var refused = client.postFiles(versions(parent), Map.of("b.zip", colour));
        var later =
                client.postFiles(
                        versions(parent), Map.of("b.zip", colour), "Prefer", "respond-async");

        assertThat(refused.status()).as(refused.toString()).isEqualTo(422);
        assertThat(refused.text()).contains("column image", "uint8 [3, 2, 2]", "\\\"mode\\\"");
        assertThat(later.status()).isEqualTo(202);
        var rejected =
                await().until(
                                () -> client.get("/v1/datasets/" + id(later.json())).json(),
                                view -> !view.get("state").stringValue().equals("preparing"));
        assertThat(rejected.get("state").stringValue()).isEqualTo("rejected");
        assertThat(rejected.at("/problem/detail").stringValue()).contains("column image");
    }

    @Test
    void listedPicturesAreAddedWithTheirTable() {
        var files = new LinkedHashMap<String, byte[]>();
        files.put("a.zip", new Zips().add("1.png", Pngs.grey(2, 2, 9)).build());
        files.put("a.csv", text("file,y\n1.png,0.5\n"));
        var parent = made("/v1/datasets", files);
        var more = new LinkedHashMap<String, byte[]>();
        more.put("b.zip", new Zips().add("2.png", Pngs.grey(2, 2, 7)).build());
        more.put("b.csv", text("y,file\n1.5,2.png\n"));

        var next = made(versions(parent), more);

        assertThat(next.get("rows").longValue()).isEqualTo(2);
        assertThat(rows(next)).contains("2.png,1.5");
    }

    @Test
    void filesOfAnotherKindAreNotAdded() {
        var parent = made("/v1/datasets", Map.of("t.csv", text("a,b\n1,x\n")));

        var answer = client.postFiles(versions(parent), Map.of("x.npy", npy("<f4", "(2,)", 8)));

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.text()).contains("t.csv (text)", "x.npy (a NumPy array)");
    }

    private JsonNode made(String path, Map<String, byte[]> files) {
        Answer answer = client.postFiles(path, files);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.json();
    }

    private static String id(JsonNode dataset) {
        return dataset.get("id").stringValue();
    }

    private static String versions(JsonNode dataset) {
        return "/v1/datasets/" + id(dataset) + "/versions";
    }

    private static String types(JsonNode dataset) {
        return dataset.get("columns")
                .valueStream()
                .map(column ->
                        column.get("name") + " " + column.get("type") + " " + column.get("shape"))
                .toList()
                .toString();
    }

    private String rows(JsonNode dataset) {
        return client.get("/v1/datasets/" + id(dataset) + "/rows", "Accept", "text/csv").text();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] file(String name) throws IOException {
        try (InputStream in = AppendedFormsTest.class.getResourceAsStream("/forms/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    /** An array of zeros, but for one value that no other has. */
    private static byte[] npy(String descr, String shape, int bytes) {
        String header =
                "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(descr, shape);
        byte[] padded = text(header + " ".repeat(117 - header.length()) + "\n");
        var file = ByteBuffer.allocate(10 + padded.length + bytes).order(ByteOrder.LITTLE_ENDIAN);
        file.put("\u0093NUMPY\1\0".getBytes(StandardCharsets.ISO_8859_1));
        file.putShort((short) padded.length).put(padded);
        file.putInt(UUID.randomUUID().hashCode() & 0x3FFFFFFF);
        return file.array();
    }
}
