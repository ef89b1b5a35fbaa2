package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against what NumPy and pandas say of the same file: {@code src/test/oracle/report.py}. */
class ReportTest {

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
    void histogramsAndQuantilesAreNumPys() throws IOException {
        var expected = expected().path("columns");
        try (var prepared = oracle()) {
            var described = new ArrayList<String>();
            for (var column : prepared.report().columns()) {
                var distribution = column.distribution();
                if (distribution == null) {
                    continue;
                }
                described.add(column.name());
                var numpy = expected.path(column.name());
                var histogram = Objects.requireNonNull(distribution.histogram());
                assertThat(histogram.edges())
                        .containsExactlyElementsOf(
                                numpy.path("edges").valueStream().map(JsonNode::asDouble).toList());
                assertThat(histogram.counts())
                        .containsExactlyElementsOf(
                                numpy.path("counts").valueStream().map(JsonNode::asLong).toList());
                var quantiles = numpy.path("quantiles");
                var found = distribution.quantiles();
                assertThat(
                                new double[] {
                                    found.p01(),
                                    found.p05(),
                                    found.p25(),
                                    found.p50(),
                                    found.p75(),
                                    found.p95(),
                                    found.p99()
                                })
                        .containsExactly(
                                quantiles.valueStream().mapToDouble(JsonNode::asDouble).toArray());
            }
            assertThat(described).containsExactlyElementsOf(expected.propertyNames());
        }
    }

    @Test
    void columnsThatTellOthersAreNamed() throws IOException {
        try (var prepared = oracle()) {
            assertThat(prepared.report().relations())
                    .extracting(Relation::column, Relation::other, Relation::kind)
                    .containsExactlyInAnyOrder(
                            tuple("code", "species", Relation.Kind.ONE_TO_ONE),
                            tuple("copy", "other", Relation.Kind.IDENTICAL),
                            tuple("inches", "length", Relation.Kind.CORRELATED));
            assertThat(prepared.report().relations())
                    .filteredOn(each -> each.kind() == Relation.Kind.CORRELATED)
                    .allSatisfy(each ->
                            assertThat(each.correlation())
                                    .isCloseTo(
                                            expected().path("correlation").asDouble(),
                                            Offset.offset(1e-12)));
        }
    }

    @Test
    void columnsThatAreConstantOrAllDifferentTellNothing() throws IOException {
        var rows = new StringBuilder("id,key,one,uno,x,y\n");
        var random = new Random(1);
        for (var i = 0; i < 100; i++) {
            rows.append(
                    "%d,k%d,1,a,%d,%d\n"
                            .formatted(random.nextInt(), i, random.nextInt(9), random.nextInt(9)));
        }
        try (var prepared = csv.prepare(rows.toString())) {
            assertThat(prepared.report().relations()).isEmpty();
            var constant = prepared.report().columns().get(2).distribution();
            assertThat(Objects.requireNonNull(constant).histogram()).isNull();
            assertThat(constant.quantiles().p50()).isEqualTo(1);
        }
    }

    @Test
    void theValueOfAnyRankIsThatOfTheSortedColumn() {
        var random = new Random(3);
        var values =
                IntStream.range(0, 5000)
                        .mapToDouble(i ->
                                switch (i % 4) {
                                    case 0 -> Double.longBitsToDouble(random.nextLong());
                                    case 1 -> random.nextInt(10) - 5;
                                    case 2 -> -0.0;
                                    case 3 -> random.nextGaussian();
                                    default -> throw new AssertionError(i);
                                })
                        .map(value -> Double.isFinite(value) ? value : Double.MAX_VALUE)
                        .toArray();
        var sorted = Arrays.stream(values).map(value -> value + 0.0).sorted().toArray();
        var ranks = new long[] {0, 1, 17, 1250, 2499, 2500, 3333, 4998, 4999};
        assertThat(OrderStatistics.at(ranks, new Given(values), values.length))
                .containsExactly(Arrays.stream(ranks).mapToDouble(r -> sorted[(int) r]).toArray());
    }

    private Prepared oracle() throws IOException {
        try (var in = ReportTest.class.getResourceAsStream("/oracle/report.csv")) {
            return csv.prepare(in.readAllBytes(), DatasetOptions.NONE);
        }
    }

    private static JsonNode expected() {
        return JsonMapper.shared()
                .readTree(ReportTest.class.getResourceAsStream("/oracle/report.json"));
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Given(double[] numbers) implements Values {
        @Override
        public double at(long row) {
            return numbers[(int) row];
        }

        @Override
        public boolean missingAt(long row) {
            return false;
        }
    }
}
