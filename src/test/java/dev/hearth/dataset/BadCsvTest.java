package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadCsvTest {

    @TempDir Path folder;
    private Csv csv;

    @BeforeEach
    void open() throws IOException {
        csv = new Csv(folder, new DatasetSettings(1000, 4096));
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        assertThat(csv.leftovers()).isEmpty();
        csv.close();
    }

    @Test
    void anEmptyFileIsRefused() {
        assertRefused(csv.problem(""), "line 1", "is empty");
        assertRefused(csv.problem("\n\n"), "line 1", "is empty");
    }

    @Test
    void aHeaderWithoutRowsIsRefused() {
        assertRefused(csv.problem("a,b\n"), "line 2", "no rows");
    }

    @Test
    void aRaggedRowIsRefusedWithItsLine() {
        assertRefused(csv.problem("a,b\n1,2\n3\n4,5\n"), "line 3", "expected 2 cells", "got 1");
        assertRefused(csv.problem("a,b\n1,2,9\n"), "line 2", "got 3");
        assertRefused(csv.problem("a,b\n\"x\ny\",2\n3\n"), "line 4", "got 1");
    }

    @Test
    void raggedRowsAndBadCellsAreToldTogetherInOrder() {
        var rows = new StringBuilder("a,b\n");
        IntStream.range(0, 20).forEach(i -> rows.append(i).append(",1\n"));
        rows.append("1\nx,2\n1,2,3\n");

        var problem = csv.problem(rows.toString());

        assertThat(problem.violations())
                .extracting(Violation::pointer)
                .containsExactly("line 22", "line 23, column a", "line 24");
    }

    @Test
    void aHundredErrorsAreListedAndAllAreCounted() {
        var rows = "a,b\n1,2\n" + "3\n".repeat(250);

        var problem = csv.problem(rows);

        assertThat(problem.violations()).hasSize(100);
        assertThat(problem.detail()).contains("250 errors").contains("first 100");
    }

    @Test
    void columnsWithoutANameOfTheirOwnAreRefused() {
        assertRefused(csv.problem("a,b,a\n1,2,3\n"), "line 1, column 3", "'a' of column 1");
        assertRefused(csv.problem("a,,c\n1,2,3\n"), "line 1, column 2", "no name");
        assertRefused(
                csv.problem("x".repeat(300) + ",b\n1,2\n"), "line 1, column 1", "256 characters");
    }

    @Test
    void anUnclosedQuoteIsRefusedWhereItOpens() {
        assertRefused(csv.problem("a,b\n1,2\n3,\"4\n5,6\n"), "line 3", "never closed");
        assertRefused(csv.problem("a,b\n1,\"2\"x\n"), "line 2", "closing quote");
    }

    @Test
    void aCellOfMoreThanAMillionCharactersIsRefused() {
        assertRefused(
                csv.problem("a,b\n1,2\n3," + "x".repeat(1_100_000) + "\n"), "line 3", "1,048,576");
    }

    @Test
    void aNulCharacterIsRefused() {
        assertRefused(csv.problem("a,b\n1,2\n3,\0\n"), "line 3", "NUL");
    }

    @Test
    void textThatIsNotUtf8IsRefusedWithItsByte() {
        var latin1 = "a,b\n1,caf\u00e9\n2,x\n".getBytes(StandardCharsets.ISO_8859_1);
        assertRefused(csv.problem(latin1, DatasetOptions.NONE), "line 2", "byte 10", "UTF-8");
        var cut = new byte[] {'a', '\n', (byte) 0xC3};
        assertRefused(csv.problem(cut, DatasetOptions.NONE), "line 2", "byte 3");
    }

    @Test
    void numbersThatAreNotFiniteAreRefusedWithRowAndColumn() {
        assertRefused(csv.problem("a,b\n1,2\n3,NaN\n4,5\n"), "line 3, column b", "finite", "'NaN'");
        assertRefused(csv.problem("a,b\n1,2\n1e999,3\n"), "line 3, column a", "'1e999'");
        assertRefused(csv.problem("a\n1\n-inf\n"), "line 3, column a", "'-inf'");
    }

    @Test
    void aWordAmongNumbersIsRefusedWithAWayToKeepIt() {
        var rows = IntStream.range(0, 19).mapToObj(i -> i + "\n").collect(Collectors.joining());

        var problem = csv.problem("zip\n" + rows + "12a\n");

        assertRefused(problem, "line 21, column zip", "expected a number", "19 of the column's 20");
        assertThat(problem.detail()).contains("{\"columns\": {\"zip\": \"categorical\"}}");
    }

    @Test
    void aCellThatDoesNotFitItsDeclaredTypeIsRefused() {
        assertRefused(declared("a,b\n1,x\n2.5,y\n", "integer"), "line 3, column a", "whole number");
        assertRefused(
                declared("a,b\n1,x\nmaybe,y\n", "boolean"), "line 3, column a", "true or false");
        assertRefused(declared("a,b\n1,x\n0x1F,y\n", "numeric"), "line 3, column a", "a number");
        assertRefused(
                declared("a,b\n1,x\n" + "y".repeat(300) + ",y\n", "categorical"),
                "/columns/a",
                "256 characters");
    }

    @Test
    void optionsThatDoNotFitTheFileAreRefusedWithTheirPointer() {
        var problem =
                csv.problem(
                        "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8),
                        DatasetOptions.ofColumns(Csv.words(Map.of("c/d", "text"))));
        assertRefused(problem, "/columns/c~1d", "a, b");
        assertRefused(declared("a,b\n1,2\n", "float"), "/columns/a", "numeric, integer");
        assertRefused(
                csv.problem(
                        new byte[0], new DatasetOptions("", null, "ab", null, null, null, null)),
                "/name",
                "1 to 200");
    }

    @Test
    void tooManyColumnsAreRefusedWithTheMost() {
        var header =
                IntStream.range(0, 100_000).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        assertRefused(csv.problem(header + "\n"), "line 1", "100000 columns", "4096");
    }

    @Test
    void tooManyRowsAreRefusedWithTheMost() {
        assertRefused(csv.problem("a\n" + "1\n".repeat(1001)), "line 1002", "1000 rows");
    }

    @Test
    void aFileWithAnotherDelimiterIsRefusedWithTheWayToSayIt() {
        assertRefused(csv.problem("a;b\n1;2\n"), "line 1", "{\"delimiter\": \";\"}");
    }

    private ProblemException declared(String text, String type) {
        return csv.problem(
                text.getBytes(StandardCharsets.UTF_8),
                DatasetOptions.ofColumns(Csv.words(Map.of("a", type))));
    }

    private static void assertRefused(ProblemException problem, String place, String... words) {
        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_DATASET);
        assertThat(problem.violations().getFirst().pointer()).isEqualTo(place);
        assertThat(problem.violations().getFirst().message()).contains(words);
    }
}
