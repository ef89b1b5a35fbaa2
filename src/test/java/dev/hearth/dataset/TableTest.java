package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {

    @TempDir Path folder;
    private Csv csv;

    @BeforeEach
    void open() throws IOException {
        csv = new Csv(folder);
    }

    @AfterEach
    void close() throws IOException {
        assertThat(csv.leftovers()).isEmpty();
        csv.close();
    }

    @Test
    void irisIsFourNumbersAndThreeSpecies() throws IOException {
        try (var iris = csv.sample("iris");
                var table = csv.open(iris)) {
            assertThat(iris.columns())
                    .extracting(Column::type)
                    .containsExactly(
                            ColumnType.NUMERIC,
                            ColumnType.NUMERIC,
                            ColumnType.NUMERIC,
                            ColumnType.NUMERIC,
                            ColumnType.CATEGORICAL);
            assertThat(iris.columns().getLast().categories())
                    .containsExactly("setosa", "versicolor", "virginica");
            assertThat(table.rows()).isEqualTo(150);
            assertThat(table.values("sepal_length").at(0)).isEqualTo(5.1);
            assertThat(table.values("species").at(149)).isEqualTo(2);
            assertThat(table.text("species", 149)).contains("virginica");
            assertThat(iris.report().duplicateRows()).isEqualTo(1);
            var species = iris.report().columns().getLast();
            assertThat(species.distinct()).isEqualTo(3);
            assertThat(species.values()).allSatisfy(each -> assertThat(each.count()).isEqualTo(50));
            var petal = iris.report().columns().get(2);
            assertThat(petal.min()).isEqualTo(1.0);
            assertThat(petal.max()).isEqualTo(6.9);
            assertThat(petal.mean()).isCloseTo(3.758, within(1e-12));
            assertThat(petal.std()).isCloseTo(1.7652982332594667, within(1e-12));
        }
    }

    @Test
    void theOtherSamplesAreAsDescribed() throws IOException {
        try (var diabetes = csv.sample("diabetes");
                var cancer = csv.sample("breast_cancer");
                var digits = csv.sample("digits")) {
            assertThat(diabetes.rows()).isEqualTo(442);
            assertThat(diabetes.columns().getLast().type()).isEqualTo(ColumnType.NUMERIC);
            assertThat(cancer.rows()).isEqualTo(569);
            assertThat(cancer.columns().getLast().type()).isEqualTo(ColumnType.CATEGORICAL);
            assertThat(digits.rows()).isEqualTo(1797);
            assertThat(digits.columns()).hasSize(65);
            assertThat(digits.columns().getLast().type()).isEqualTo(ColumnType.INTEGER);
            assertThat(digits.report().columns().getFirst().constant()).isTrue();
        }
    }

    @Test
    void everyTypeAndMissingCellsComeBackAsTheyWere() throws IOException {
        var text =
                """
                n,i,b,c,t
                1.5,7,true,x,one
                ,,,,
                -2e3, -8 ,FALSE,y,"a ""quoted"", cell"
                0.1,9223372036854775807,true,x,žluťoučký 🐎
                """;
        try (var prepared = csv.prepare(text, Map.of("t", "text", "c", "categorical"));
                var table = csv.open(prepared)) {
            assertThat(prepared.columns())
                    .extracting(Column::type)
                    .containsExactly(
                            ColumnType.NUMERIC,
                            ColumnType.INTEGER,
                            ColumnType.BOOLEAN,
                            ColumnType.CATEGORICAL,
                            ColumnType.TEXT);
            assertThat(prepared.columns()).extracting(Column::missing).containsOnly(1L);
            assertThat(table.values("n").at(2)).isEqualTo(-2000);
            assertThat(table.values("n").missingAt(1)).isTrue();
            assertThat(table.values("n").missingAt(2)).isFalse();
            assertThat(table.values("n").at(1)).isZero();
            assertThat(table.values("i").at(2)).isEqualTo(-8);
            assertThat(table.text("i", 3)).contains("9223372036854775807");
            assertThat(table.values("b").at(0)).isEqualTo(1);
            assertThat(table.values("b").at(2)).isEqualTo(0);
            assertThat(table.values("c").at(2)).isEqualTo(1);
            assertThat(table.text("t", 1)).isEmpty();
            assertThat(table.text("t", 2)).contains("a \"quoted\", cell");
            assertThat(table.text("t", 3)).contains("žluťoučký 🐎");
            assertThatThrownBy(() -> table.values("t"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatIsNotANumberIsAWord() throws IOException {
        for (var word : new String[] {"0x10", "1d", "1f", "1_000", "\"1,000\"", "1e", ".", "--1"}) {
            try (var prepared = csv.prepare("a,b\n" + word + ",1\n")) {
                assertThat(prepared.columns().getFirst().type())
                        .as(word)
                        .isNotIn(ColumnType.NUMERIC, ColumnType.INTEGER);
            }
        }
    }

    @Test
    void everyNumberIsReadAsJavaReadsIt() throws IOException {
        var numbers =
                new String[] {
                    "1.",
                    ".5",
                    "+3.25",
                    "-0.0",
                    "1e22",
                    "1e23",
                    "123456789012345678",
                    "9007199254740993.0",
                    "1.7976931348623157e308",
                    "4.9e-324",
                    "1e-400",
                    "0.000000000000000000000000000001",
                    "3.141592653589793238462643383279",
                    "9223372036854775808",
                    "00012.50",
                    "1E+5"
                };
        try (var prepared = csv.prepare("a\n" + String.join("\n", numbers) + "\n");
                var table = csv.open(prepared)) {
            assertThat(prepared.columns().getFirst().type()).isEqualTo(ColumnType.NUMERIC);
            for (var i = 0; i < numbers.length; i++) {
                assertThat(table.values("a").at(i))
                        .as(numbers[i])
                        .isEqualTo(Double.parseDouble(numbers[i]));
            }
        }
    }

    @Test
    void categoriesAreFewAndSortedByCodePoint() throws IOException {
        var words = IntStream.range(0, 21).mapToObj(i -> "w" + i).toList();
        var once = String.join("\n", words);
        assertType(once, ColumnType.TEXT);
        assertType(once + "\n" + once, ColumnType.CATEGORICAL);
        assertType("b\na\nB\n\uFF5Ez\n\uD83D\uDE00", ColumnType.CATEGORICAL);
        try (var prepared = csv.prepare("a\nb\na\nB\n\uFF5Ez\n\uD83D\uDE00\n")) {
            assertThat(prepared.columns().getFirst().categories())
                    .containsExactly("B", "a", "b", "\uFF5Ez", "\uD83D\uDE00");
        }
        var many =
                IntStream.range(0, 1001).mapToObj(i -> "w" + i).collect(Collectors.joining("\n"));
        assertType(many + "\n" + many + "\n" + many, ColumnType.TEXT);
    }

    private void assertType(String cells, ColumnType type) throws IOException {
        try (var prepared = csv.prepare("a\n" + cells + "\n")) {
            assertThat(prepared.columns().getFirst().type()).isEqualTo(type);
        }
    }

    @Test
    void anIntegerColumnCanBeDeclaredCategorical() throws IOException {
        try (var prepared = csv.prepare("a\n10\n2\n10\n", Map.of("a", "categorical"));
                var table = csv.open(prepared)) {
            assertThat(prepared.columns().getFirst().categories()).containsExactly("10", "2");
            assertThat(table.values("a").at(1)).isEqualTo(1);
        }
    }

    @Test
    void manyDeclaredCategoriesKeepTheirOwnCells() throws IOException {
        var cells = IntStream.range(0, 9000).mapToObj(i -> "k" + i).toList();
        try (var prepared =
                        csv.prepare("a\n" + String.join("\n", cells), Map.of("a", "categorical"));
                var table = csv.open(prepared)) {
            for (var i = 0; i < 9000; i++) {
                assertThat(table.text("a", i)).contains(cells.get(i));
            }
        }
    }

    @Test
    void anEmptyColumnIsText() throws IOException {
        try (var prepared = csv.prepare("a,b\n,1\n ,2\n");
                var table = csv.open(prepared)) {
            assertThat(prepared.columns().getFirst())
                    .isEqualTo(new Column("a", ColumnType.TEXT, List.of(), 2));
            assertThat(table.text("a", 1)).isEmpty();
        }
    }

    @Test
    void byteOrderMarkDelimiterAndLineEndsAreUnderstood() throws IOException {
        var bytes = "\uFEFFa;b\r\n1;2,5\r\n3;4,5".getBytes(StandardCharsets.UTF_8);
        try (var prepared =
                csv.prepare(bytes, new DatasetOptions(null, null, ";", null, null, null, null))) {
            assertThat(prepared.columns()).extracting(Column::name).containsExactly("a", "b");
            assertThat(prepared.rows()).isEqualTo(2);
            assertThat(prepared.columns().get(1).categories()).containsExactly("2,5", "4,5");
        }
    }

    @Test
    void oddColumnNamesDoNotDisturbTheTable() throws IOException {
        try (var prepared =
                        csv.prepare("column.1,__metadata__,column.0.missing\n1,2.5,\n3,4.5,x\n");
                var table = csv.open(prepared)) {
            assertThat(table.values("column.1").at(1)).isEqualTo(3);
            assertThat(table.values("__metadata__").at(1)).isEqualTo(4.5);
            assertThat(table.text("column.0.missing", 0)).isEmpty();
        }
    }

    private static Offset<Double> within(double offset) {
        return Offset.offset(offset);
    }
}
