package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.missing.MissingPolicy;
import dev.hearth.missing.MissingPolicy.Strategy;
import dev.hearth.problem.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What may be declared of a column, and what comes of it. */
class ColumnOptionsTest {

    private static final String ROWS =
            "size,age,old\nmid,30,true\nlow,,false\n,34,\nlow,32,true\nmid,1,true\n";

    @TempDir Path folder;
    private Csv csv;

    @BeforeEach
    void open() throws IOException {
        csv = new Csv(folder);
    }

    @AfterEach
    void close() throws IOException {
        csv.close();
    }

    @Test
    void declaredCategoriesKeepTheirOrderWhetherTheyAreUsedOrNot() throws IOException {
        try (var prepared =
                        prepare(
                                "{\"size\": {\"type\": \"categorical\", \"categories\": [\"low\","
                                        + " \"mid\", \"high\"]}}");
                var table = MappedTable.open(prepared)) {
            var size = prepared.columns().getFirst();

            assertThat(size.type()).isEqualTo(ColumnType.CATEGORICAL);
            assertThat(size.categories()).containsExactly("low", "mid", "high");
            assertThat(IntStream.range(0, 5).mapToObj(table.values("size")::at).toList())
                    .containsExactly(1.0, 0.0, 0.0, 0.0, 1.0);
            assertThat(table.values("size").missingAt(2)).isTrue();
            assertThat(table.text("size", 4)).contains("mid");
        }
    }

    @Test
    void numbersMayBeCategoriesWithoutNamingTheType() throws IOException {
        try (var prepared = prepare("{\"age\": {\"categories\": [34, 32, 30, \"1\"]}}")) {
            assertThat(prepared.columns().get(1).categories())
                    .containsExactly("34", "32", "30", "1");
        }
    }

    @Test
    void aCellOutsideTheDeclaredCategoriesIsNamedWithTheNearestOne() {
        var problem = problem("{\"size\": {\"categories\": [\"Low\", \"middle\", \"high\"]}}");

        assertThat(problem.violations()).hasSize(4);
        assertThat(problem.violations().get(1).pointer()).isEqualTo("line 3, column size");
        assertThat(problem.violations().get(1).message())
                .contains("'Low', 'middle', 'high'", "(nearest: 'Low')", "got 'low'");
    }

    @Test
    void policiesAreKeptWithTheColumnAndToldInTheReport() throws IOException {
        try (var prepared =
                prepare(
                        """
                        {"size": {"missing": {"strategy": "constant", "fill_value": "unknown"}},
                         "age": {"type": "integer", "missing": "median"},
                         "old": {"missing": "most_frequent"}}
                        """)) {
            assertThat(prepared.columns())
                    .extracting(Column::policy)
                    .containsExactly(
                            MissingPolicy.constant("unknown"),
                            MissingPolicy.of(Strategy.MEDIAN),
                            MissingPolicy.of(Strategy.MOST_FREQUENT));
            assertThat(prepared.columns().getFirst().categories())
                    .as("what stands for a missing category is one, too")
                    .containsExactly("low", "mid", "unknown");
            assertThat(prepared.report().columns())
                    .extracting(Report.ColumnReport::filled)
                    .containsExactly(1L, 1L, 1L);
            var json = JsonMapper.shared();
            assertThat(
                            json.readValue(
                                    json.writeValueAsString(prepared.columns().getFirst()),
                                    Column.class))
                    .isEqualTo(prepared.columns().getFirst());
        }
    }

    @Test
    void aColumnThatWasStoredBeforeThereWerePoliciesHasNone() {
        var column =
                JsonMapper.shared()
                        .readValue(
                                "{\"name\":\"a\",\"type\":\"NUMERIC\",\"categories\":[],\"missing\":3,\"block\":null}",
                                Column.class);

        assertThat(column).isEqualTo(new Column("a", ColumnType.NUMERIC, List.of(), 3));
        assertThat(column.policy()).isEqualTo(MissingPolicy.REJECT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"size\": {\"categories\": []}} | /columns/size/categories | 1 to 10,000",
                "{\"size\": {\"categories\": \"low\"}} | /columns/size/categories | a list",
                "{\"size\": {\"categories\": [\"low\", \"mid\", \"low\"]}} | /columns/size/categories/2 | twice, first at 0",
                "{\"size\": {\"categories\": [\"low\", \" \"]}} | /columns/size/categories/1 | missing value",
                "{\"size\": {\"categories\": [null]}} | /columns/size/categories/0 | expected a string",
                "{\"age\": {\"type\": \"integer\", \"categories\": [\"1\"]}} | /columns/age/categories | only categorical",
                "{\"size\": {\"type\": \"float\"}} | /columns/size/type | numeric, integer",
                "{\"size\": 5} | /columns/size | or an object of type",
                "{\"size\": null} | /columns/size | numeric, integer",
                "{\"size\": {\"order\": []}} | /columns/size/order | type, categories, missing",
                "{\"age\": {\"missing\": \"drop\"}} | /columns/age/missing | reject, mean, median",
                "{\"age\": {\"missing\": \"constant\"}} | /columns/age/missing | fill_value",
                "{\"age\": {\"missing\": {\"strategy\": \"constant\"}}} | /columns/age/missing/fill_value | got nothing",
                "{\"age\": {\"missing\": {\"strategy\": \"mean\", \"fill_value\": 1}}} | /columns/age/missing/fill_value | only constant",
                "{\"age\": {\"missing\": {\"fill_value\": 1}}} | /columns/age/missing/strategy | got nothing",
                "{\"age\": {\"missing\": {\"strategy\": \"mean\", \"value\": 1}}} | /columns/age/missing/value | unknown field",
                "{\"age\": {\"missing\": {\"strategy\": \"constant\", \"fill_value\": \"old\"}}} | /columns/age/missing/fill_value | a finite number",
                "{\"old\": {\"missing\": {\"strategy\": \"constant\", \"fill_value\": 1}}} | /columns/old/missing/fill_value | true or false",
                "{\"size\": {\"missing\": \"mean\"}} | /columns/size/missing | takes numbers",
                "{\"size\": {\"type\": \"text\", \"missing\": \"most_frequent\"}} | /columns/size/missing | text",
                "{\"size\": {\"categories\": [\"low\", \"mid\"], \"missing\": {\"strategy\": \"constant\", \"fill_value\": \"high\"}}} | /columns/size/missing/fill_value | one of its categories",
                "{\"weight\": {\"missing\": \"mean\"}} | /columns/weight | size, age, old"
            })
    void whatCannotBeMeantIsRefusedWithItsPlace(String columns, String pointer, String words) {
        var problem = problem(columns);

        assertThat(problem.violations()).hasSize(1);
        assertThat(problem.violations().getFirst().pointer()).isEqualTo(pointer);
        assertThat(problem.violations().getFirst().message()).contains(words);
    }

    @Test
    void tooManyCategoriesAreRefusedBeforeTheFileIsRead() {
        String many =
                IntStream.range(0, 10_001)
                        .mapToObj(String::valueOf)
                        .collect(Collectors.joining(","));

        assertThatThrownBy(() -> options("{\"size\": {\"categories\": [" + many + "]}}").checked())
                .asInstanceOf(InstanceOfAssertFactories.type(ProblemException.class))
                .extracting(ProblemException::detail, InstanceOfAssertFactories.STRING)
                .contains("10,000", "10001");
    }

    @Test
    void aFurtherDeclarationIsMergedFieldByFieldAndAnotherTypeBeginsAnew() {
        JsonNode declared =
                json(
                        "{\"type\": \"categorical\", \"categories\": [\"a\"], \"missing\": \"reject\"}");

        assertThat(ColumnOptions.merged(json("\"numeric\""), json("{\"missing\": \"mean\"}")))
                .isEqualTo(json("{\"type\": \"numeric\", \"missing\": \"mean\"}"));
        assertThat(ColumnOptions.merged(declared, json("{\"categories\": [\"b\", \"a\"]}")))
                .isEqualTo(
                        json(
                                "{\"type\": \"categorical\", \"categories\": [\"b\", \"a\"], \"missing\": \"reject\"}"));
        assertThat(ColumnOptions.merged(declared, json("\"categorical\""))).isEqualTo(declared);
        assertThat(ColumnOptions.merged(declared, json("\"text\""))).isEqualTo(json("\"text\""));
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    private static DatasetOptions options(String columns) {
        return Csv.options("{\"columns\": " + columns + "}");
    }

    private Prepared prepare(String columns) {
        return csv.prepare(ROWS.getBytes(StandardCharsets.UTF_8), options(columns));
    }

    private ProblemException problem(String columns) {
        return csv.problem(ROWS.getBytes(StandardCharsets.UTF_8), options(columns));
    }
}
