package dev.hearth.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.dataset.Column;
import dev.hearth.dataset.ColumnType;
import dev.hearth.dataset.Table;
import dev.hearth.dataset.Values;
import dev.hearth.missing.MissingPolicy;
import dev.hearth.missing.MissingPolicyReader;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.SpecErrors;
import dev.hearth.spec.TrainingSpec.Preprocessing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FillFitTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Path IMPUTERS = Path.of("src/test/resources/imputers.json");

    /** Values of {@code src/test/oracle/imputers.py}; numpy sums in another order. */
    @Test
    void whatIsLearnedIsWhatScikitLearnLearns() throws IOException {
        JsonNode imputers = JSON.readTree(Files.readString(IMPUTERS));

        assertThat(imputers.get("cases")).hasSize(32);
        for (JsonNode each : imputers.get("cases")) {
            Table table =
                    new OneColumn(imputers.get("columns").get(each.get("column").stringValue()));
            String strategy = each.get("strategy").stringValue();
            MissingPolicy policy =
                    strategy.equals("constant")
                            ? MissingPolicy.constant(each.get("fill").asString())
                            : read("\"" + strategy + "\"");

            Encoding encoding = fit(policy, table, LongStream.range(0, table.rows()).toArray());

            assertThat(encoding.fills().get("x"))
                    .as(each.toString())
                    .isCloseTo(each.get("fill").doubleValue(), near(each.get("fill")));
            if (each.has("mean")) {
                var learned = (Encoding.Standardized) encoding.features().getFirst();
                assertThat(learned.mean())
                        .as(each.toString())
                        .isCloseTo(each.get("mean").doubleValue(), near(each.get("mean")));
                // A narrow column's deviation is what is left of far larger numbers.
                assertThat(learned.std())
                        .as(each.toString())
                        .isCloseTo(
                                each.get("scale").doubleValue(),
                                within(1e-9 * (1 + each.get("scale").doubleValue())));
            }
        }
    }

    private static Offset<Double> near(JsonNode expected) {
        return Offset.offset(1e-12 * (1 + Math.abs(expected.doubleValue())));
    }

    @Test
    void heldOutRowsTeachNothing() throws IOException {
        Table table = new OneColumn(JSON.readTree("[2, null, 4, 1000, null]"));

        Encoding encoding = fit(read("\"mean\""), table, new long[] {0, 1, 2});

        assertThat(encoding.fills()).isEqualTo(Map.of("x", 3.0));
        assertThat(encoding.features())
                .containsExactly(new Encoding.Standardized("x", 3, Math.sqrt(2.0 / 3)));
    }

    @Test
    void theLargestNumbersHaveAMedian() throws IOException {
        Table table = new OneColumn(JSON.readTree("[1.7e308, 1.5e308, null]"));

        assertThat(fit(read("\"median\""), table, new long[] {0, 1}, false).fills())
                .isEqualTo(Map.of("x", 1.6e308));
    }

    @Test
    void aCategoryIsFilledWithTheMostFrequentOneOrAGivenOne() throws IOException {
        var column =
                new Column(
                        "x",
                        ColumnType.CATEGORICAL,
                        List.of("low", "mid", "high"),
                        1,
                        MissingPolicy.constant("high"),
                        Optional.empty());
        Table table = new OneColumn(JSON.readTree("[2, 1, null, 1, 2]"));

        Encoding own =
                EncodingFit.fit(List.of(column), preprocessing(Map.of()), table, new long[] {0, 1});
        Encoding frequent =
                EncodingFit.fit(
                        List.of(column),
                        preprocessing(Map.of("x", read("\"most_frequent\""))),
                        table,
                        new long[] {0, 1, 2, 3, 4});

        assertThat(own.fills()).isEqualTo(Map.of("x", 2.0));
        assertThat(frequent.fillCells()).isEqualTo(Map.of("x", "mid"));
    }

    @Test
    void aPolicyThatDoesNotFitItsColumnIsToldWithItsPlace() {
        var errors = new SpecErrors();
        List<Column> columns =
                List.of(
                        new Column("size", ColumnType.CATEGORICAL, List.of("S", "M"), 1),
                        new Column("old", ColumnType.BOOLEAN, List.of(), 1),
                        new Column("age", ColumnType.NUMERIC, List.of(), 1));

        FillFit.check(
                columns,
                preprocessing(
                        Map.of(
                                "size", MissingPolicy.constant("L"),
                                "old", read("\"mean\""),
                                "age", MissingPolicy.constant("old"),
                                "a/b", read("\"median\""))),
                errors);

        assertThat(errors.listed())
                .extracting(each -> each.pointer())
                .containsExactlyInAnyOrder(
                        "/preprocessing/missing/size/fill_value",
                        "/preprocessing/missing/old",
                        "/preprocessing/missing/age/fill_value",
                        "/preprocessing/missing/a~1b");
        assertThat(errors.listed().toString())
                .contains(
                        "[S, M]",
                        "most_frequent",
                        "expected a number",
                        "the inputs are [size, old, age]");
    }

    private static MissingPolicy read(String json) {
        return new MissingPolicyReader(
                        (pointer, message) -> {
                            throw new AssertionError(pointer + ": " + message);
                        })
                .read(JSON.readTree(json), "")
                .orElseThrow();
    }

    private static Preprocessing preprocessing(Map<String, MissingPolicy> missing) {
        return new Preprocessing(true, true, Map.of(), missing);
    }

    private static Encoding fit(MissingPolicy policy, Table table, long[] rows) {
        boolean isWide = Math.abs(table.values("x").at(0)) > 1e150;
        return fit(policy, table, rows, !isWide);
    }

    private static Encoding fit(
            MissingPolicy policy, Table table, long[] rows, boolean standardize) {
        return EncodingFit.fit(
                List.of(new Column("x", ColumnType.NUMERIC, List.of(), 1)),
                new Preprocessing(standardize, true, Map.of(), Map.of("x", policy)),
                table,
                rows);
    }

    /** A table of numbers; null is a missing one. */
    private record OneColumn(JsonNode cells) implements Table {

        @Override
        public long rows() {
            return cells.size();
        }

        @Override
        public Values values(String column) {
            return new Values() {
                @Override
                public double at(long row) {
                    return cells.get((int) row).asDouble(0);
                }

                @Override
                public boolean missingAt(long row) {
                    return cells.get((int) row).isNull();
                }
            };
        }

        @Override
        public Optional<String> text(String column, long row) {
            return Optional.of(cells.get((int) row).toString());
        }

        @Override
        public void close() {}
    }
}
