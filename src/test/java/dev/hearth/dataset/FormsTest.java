package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One table in many forms; {@code src/test/oracle/forms.py} writes the files with pandas. */
class FormsTest {

    private static final DatasetOptions WINDOWS =
            new DatasetOptions(null, null, null, null, null, "latin1", null);
    private static final DatasetOptions HEADLESS =
            new DatasetOptions(null, null, null, null, false, null, null);

    @TempDir Path folder;
    private Csv csv;

    @BeforeEach
    void open() throws IOException {
        csv = new Csv(folder);
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        assertThat(csv.leftovers()).isEmpty();
        csv.close();
    }

    @ParameterizedTest
    @CsvSource({
        "plain.csv",
        "table.csv.gz",
        "table.tsv",
        "utf16.csv",
        "table.jsonl",
        "none.parquet",
        "snappy.parquet",
        "gzip.parquet",
        "zstd.parquet"
    })
    void everyFormMakesTheSameTable(String name) throws IOException {
        requireTheTable(name, DatasetOptions.NONE);
    }

    @Test
    void aDeclaredEncodingIsRead() throws IOException {
        requireTheTable("latin1.csv", WINDOWS);
    }

    private void requireTheTable(String name, DatasetOptions options) throws IOException {
        try (var prepared = csv.prepare(name, file(name), options);
                var table = csv.open(prepared)) {
            assertThat(prepared.columns())
                    .containsExactly(
                            new Column("width", ColumnType.NUMERIC, List.of(), 1),
                            new Column("count", ColumnType.INTEGER, List.of(), 0),
                            new Column("yes", ColumnType.BOOLEAN, List.of(), 0),
                            new Column(
                                    "colour", ColumnType.CATEGORICAL, List.of("grün", "red"), 0));
            assertThat(prepared.rows()).isEqualTo(5);
            assertThat(column(table, "width"))
                    .containsExactly("1.5", "-2.25", null, "1.0E-12", "3.0");
            assertThat(column(table, "count"))
                    .containsExactly("1", "2", "3", "9007199254740993", "-5");
            assertThat(column(table, "yes"))
                    .containsExactly("true", "false", "true", "true", "false");
            assertThat(column(table, "colour"))
                    .containsExactly("red", "grün", "red", "grün", "red");
        }
    }

    private static String[] column(Table table, String name) {
        var cells = new String[5];
        Arrays.setAll(cells, row -> table.text(name, row).orElse(null));
        return cells;
    }

    @Test
    void withoutAHeaderColumnsAreNumbered() throws IOException {
        try (var prepared = csv.prepare("headless.csv", file("headless.csv"), HEADLESS)) {
            assertThat(prepared.rows()).isEqualTo(5);
            assertThat(prepared.columns().stream().map(Column::name))
                    .containsExactly("column_1", "column_2", "column_3", "column_4");
        }
    }

    @Test
    void aQuoteOfOnesOwnIsRead() throws IOException {
        var options = new DatasetOptions(null, null, null, "'", null, null, null);
        try (var prepared =
                        csv.prepare(
                                "a.csv",
                                "a,b\n'x,y',1\n'x,y',2\n".getBytes(StandardCharsets.UTF_8),
                                options);
                var table = csv.open(prepared)) {
            assertThat(table.text("a", 0)).isEqualTo(Optional.of("x,y"));
        }
    }

    @Test
    void keysThatAnObjectLacksAreMissing() throws IOException {
        var lines = "{\"a\": 1}\n{\"b\": \"x\", \"a\": null}\n\n{\"b\": \"x\"}\n";
        try (var prepared =
                csv.prepare(
                        "rows.ndjson",
                        lines.getBytes(StandardCharsets.UTF_8),
                        DatasetOptions.NONE)) {
            assertThat(prepared.columns())
                    .containsExactly(
                            new Column("a", ColumnType.INTEGER, List.of(), 2),
                            new Column("b", ColumnType.CATEGORICAL, List.of("x"), 1));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\": 1}\\n{\"a\": [1]}|line 2|the key 'a' holds an object or an array",
                "{\"a\": 1}\\n{\"a\": {\"b\": 1}}|line 2|the key 'a' holds an object or an array",
                "{\"a\": 1}\\n[1]|line 2|expected an object",
                "{\"a\": 1}\\n{\"a\": 2|line 2|is not valid JSON",
                "{\"a\": 1, \"a\": 2}|line 1|Duplicate",
                "{}|line 1|the file is empty",
                "{\"a\": 1e999}\\n{\"a\": 1}|line 1, column a|a finite number",
            })
    void badJsonLinesAreNamed(String lines, String place, String message) {
        var problem =
                csv.problem(
                        "rows.jsonl",
                        lines.replace("\\n", "\n").getBytes(StandardCharsets.UTF_8),
                        DatasetOptions.NONE);
        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_DATASET);
        assertThat(problem.violations().getFirst().pointer()).isEqualTo(place);
        assertThat(problem.violations().getFirst().message()).contains(message);
    }

    @Test
    void listsInParquetAreRefusedByColumn() throws IOException {
        var problem = csv.problem("nested.parquet", file("nested.parquet"), DatasetOptions.NONE);
        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_DATASET);
        assertThat(problem.violations().getFirst().pointer()).contains("lists");
    }

    @Test
    void everyCutOfAParquetFileIsRefused() throws IOException {
        var whole = file("snappy.parquet");
        for (int length = 4; length < whole.length; length += 97) {
            var problem =
                    csv.problem("cut.parquet", Arrays.copyOf(whole, length), DatasetOptions.NONE);
            assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_DATASET);
        }
    }

    @Test
    void aCutGzipFileIsRefused() throws IOException {
        var whole = file("table.csv.gz");
        var problem =
                csv.problem(
                        "cut.csv.gz", Arrays.copyOf(whole, whole.length - 9), DatasetOptions.NONE);
        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_DATASET);
        assertThat(problem).hasMessageContaining("cut off");
    }

    @Test
    void aBombIsRefusedBeforeItIsRead() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            var chunk = "1\n".repeat(1 << 19).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 200; i++) {
                out.write(chunk);
            }
        }
        var problem = csv.problem("bomb.csv.gz", bytes.toByteArray(), DatasetOptions.NONE);
        assertThat(problem.code()).isEqualTo(ProblemCode.BODY_TOO_LARGE);
    }

    @ParameterizedTest
    @CsvSource({"'', /quote", "xx, /quote", "utf-9, /encoding"})
    void unknownOptionsAreNamed(String value, String pointer) {
        var options =
                pointer.equals("/quote")
                        ? new DatasetOptions(null, null, null, value, null, null, null)
                        : new DatasetOptions(null, null, null, null, null, value, null);
        ProblemException problem = csv.problem("a\n1".getBytes(StandardCharsets.UTF_8), options);
        assertThat(problem.violations().getFirst().pointer()).isEqualTo(pointer);
    }

    private static byte[] file(String name) throws IOException {
        try (var in = FormsTest.class.getResourceAsStream("/forms/" + name)) {
            return in.readAllBytes();
        }
    }
}
