package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.problem.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What holds of every way of splitting, over many seeds and shapes of data. */
class SplitsTest {

    private static final int SEEDS = 200;

    /** Draws of one seed. */
    private record Draw(long seed, Random random, int rows) {

        static Draw of(long seed) {
            var random = new Random(seed);
            return new Draw(seed, random, 20 + random.nextInt(200));
        }

        int[] upTo(int bound) {
            return IntStream.range(0, rows).map(_ -> random.nextInt(bound)).toArray();
        }

        /** Fractions of at least one row each. */
        Held held() {
            return new Held(0.05 + random.nextDouble() * 0.4, 0.05 + random.nextDouble() * 0.4);
        }
    }

    private static void assertIsWhole(RowSplit split, int rows) {
        assertThat(split.training()).isSorted().isNotEmpty();
        assertThat(split.validation()).isSorted();
        assertThat(split.test()).isSorted();
        assertThat(
                        Arrays.stream(Part.values())
                                .flatMapToLong(part -> Arrays.stream(split.rows(part)))
                                .sorted()
                                .toArray())
                .isEqualTo(LongStream.range(0, rows).toArray());
    }

    private static long rounded(double fraction, int rows) {
        return (long) Math.floor(fraction * rows + 0.5);
    }

    @Test
    void aRandomSplitIsWholeAndOfTheSizesThatWereAskedFor() {
        for (long seed = 0; seed < SEEDS; seed++) {
            var draw = Draw.of(seed);
            var held = draw.held();

            var split = RowSplit.random(draw.rows(), held, seed);

            assertIsWhole(split, draw.rows());
            assertThat(split.test()).hasSize((int) rounded(held.test(), draw.rows()));
            assertThat(split.validation()).hasSize((int) rounded(held.validation(), draw.rows()));
            // Whoever changes the validation part keeps the test part.
            assertThat(RowSplit.random(draw.rows(), new Held(0, held.test()), seed).test())
                    .isEqualTo(split.test());
        }
    }

    @Test
    void aStratifiedSplitIsWithinOneRowOfEachClassesShare() {
        for (long seed = 0; seed < SEEDS; seed++) {
            var draw = Draw.of(seed);
            var classes = IntStream.range(0, draw.rows()).map(row -> row % 3).toArray();
            shuffle(classes, draw.random());
            // Classes of a few rows must keep one, and cannot give their share.
            var held =
                    new Held(
                            0.05 + draw.random().nextDouble() * 0.3,
                            0.05 + draw.random().nextDouble() * 0.3);

            var split = RowSplit.stratified(classes, held, seed);

            assertIsWhole(split, draw.rows());
            assertThat(split.test()).hasSize((int) rounded(held.test(), draw.rows()));
            assertThat(split.validation()).hasSize((int) rounded(held.validation(), draw.rows()));
            for (var c = 0; c < 3; c++) {
                var each = c;
                var size = Arrays.stream(classes).filter(i -> i == each).count();
                assertThat(Math.abs(of(split.test(), classes, c) - held.test() * size))
                        .isLessThan(1);
                assertThat(Math.abs(of(split.validation(), classes, c) - held.validation() * size))
                        .isLessThan(1);
            }
        }
    }

    private static void shuffle(int[] values, Random random) {
        for (var i = values.length - 1; i > 0; i--) {
            var j = random.nextInt(i + 1);
            var value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
    }

    private static long of(long[] rows, int[] classes, int wanted) {
        return Arrays.stream(rows).filter(row -> classes[(int) row] == wanted).count();
    }

    @Test
    void noGroupIsInTwoPartsAndSmallGroupsComeNearTheFractions() {
        for (long seed = 0; seed < SEEDS; seed++) {
            var draw = Draw.of(seed);
            var groups = numbered(draw.upTo(3 + draw.random().nextInt(30)));
            var held = draw.held();

            var split = GroupSplit.of(groups, held, seed);

            assertIsWhole(split, draw.rows());
            assertThat(split.validation()).isNotEmpty();
            assertThat(split.test()).isNotEmpty();
            for (var part : Part.values()) {
                var own = Arrays.stream(split.rows(part)).mapToInt(row -> groups[(int) row]);
                var inside = own.boxed().distinct().toList();
                assertThat(split.count(part))
                        .as("all rows of its groups, seed %d", seed)
                        .isEqualTo(Arrays.stream(groups).filter(inside::contains).count());
            }
            var largest =
                    Arrays.stream(groups)
                            .mapToLong(
                                    group -> Arrays.stream(groups).filter(g -> g == group).count())
                            .max()
                            .orElseThrow();
            assertThat(Math.abs(split.count(Part.TEST) - held.test() * draw.rows()))
                    .isLessThanOrEqualTo((double) largest);
        }
        // Other seeds choose other groups.
        var groups = numbered(Draw.of(1).upTo(20));
        assertThat(GroupSplit.of(groups, new Held(0.3, 0), 1).validation())
                .isEqualTo(GroupSplit.of(groups, new Held(0.3, 0), 1).validation())
                .isNotEqualTo(GroupSplit.of(groups, new Held(0.3, 0), 2).validation());
    }

    /** The same groups, numbered in the order in which they first appear. */
    private static int[] numbered(int[] groups) {
        var order = Arrays.stream(groups).distinct().boxed().toList();
        return Arrays.stream(groups).map(order::indexOf).toArray();
    }

    @Test
    void theLatestRowsAreHeldOutAndRowsOfOneTimeStayTogether() {
        for (long seed = 0; seed < SEEDS; seed++) {
            var draw = Draw.of(seed);
            var times =
                    Arrays.stream(draw.upTo(15 + draw.random().nextInt(1000)))
                            .asLongStream()
                            .toArray();
            var held = new Held(0.3, 0.2);

            var split = TimeSplit.of(times, held);

            assertIsWhole(split, draw.rows());
            var trained = Arrays.stream(split.training()).map(row -> times[(int) row]).max();
            var validated = Arrays.stream(split.validation()).map(row -> times[(int) row]);
            var bounds = validated.summaryStatistics();
            var tested = Arrays.stream(split.test()).map(row -> times[(int) row]).min();
            assertThat(trained.orElseThrow()).isLessThan(bounds.getMin());
            assertThat(bounds.getMax()).isLessThan(tested.orElseThrow());
        }
        var distinct = LongStream.range(0, 100).map(i -> -i).toArray();
        assertThat(TimeSplit.of(distinct, new Held(0.2, 0.1)).test())
                .isEqualTo(LongStream.range(0, 10).toArray());
        assertThat(TimeSplit.of(distinct, new Held(0.2, 0.1)).validation())
                .isEqualTo(LongStream.range(10, 30).toArray());
    }

    /** Made by src/test/oracle/splits.py. */
    @Test
    void foldsAreScikitLearnsInTheOrderOfThePermutation() throws IOException {
        String oracle;
        try (var in = SplitsTest.class.getResourceAsStream("/oracle/splits.txt")) {
            oracle = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(oracle.lines()).hasSizeGreaterThan(100);
        oracle.lines()
                .forEach(line -> {
                    var fields = line.split(" ", -1);
                    var seed = Long.parseLong(fields[1]);
                    var split =
                            new FoldSplit(
                                    Integer.parseInt(fields[2]), Integer.parseInt(fields[3]), 0);
                    var classes =
                            Arrays.stream(fields[4].split(",", -1))
                                    .mapToInt(Integer::parseInt)
                                    .toArray();
                    var rows =
                            fields[0].equals("folds")
                                    ? split.random(classes.length, seed)
                                    : split.stratified(classes, seed);
                    var held = fields[5];
                    assertThat(rows.validation())
                            .as(line)
                            .isEqualTo(
                                    IntStream.range(0, held.length())
                                            .filter(row -> held.charAt(row) == '1')
                                            .asLongStream()
                                            .toArray());
                });
    }

    @Test
    void eachRowValidatesInOneFoldAndTheTestPartInNone() {
        for (long seed = 0; seed < SEEDS; seed++) {
            var draw = Draw.of(seed);
            var folds = 2 + draw.random().nextInt(5);
            var classes = draw.upTo(3);
            for (var stratified : new boolean[] {true, false}) {
                var validated = new int[draw.rows()];
                var first = new FoldSplit(folds, 0, 0.2);
                var test =
                        (stratified
                                        ? first.stratified(classes, seed)
                                        : first.random(draw.rows(), seed))
                                .test();
                for (var fold = 0; fold < folds; fold++) {
                    var way = new FoldSplit(folds, fold, 0.2);
                    var split =
                            stratified
                                    ? way.stratified(classes, seed)
                                    : way.random(draw.rows(), seed);
                    assertIsWhole(split, draw.rows());
                    Arrays.stream(split.validation()).forEach(row -> validated[(int) row]++);
                    assertThat(split.test()).isEqualTo(test);
                    assertThat(split.count(Part.VALIDATION) - (draw.rows() - test.length) / folds)
                            .isBetween(0L, 1L);
                }
                assertThat(test).hasSize((int) rounded(0.2, draw.rows()));
                for (var row = 0; row < draw.rows(); row++) {
                    assertThat(validated[row])
                            .isEqualTo(Arrays.binarySearch(test, row) >= 0 ? 0 : 1);
                }
            }
        }
    }

    @Test
    void whatCannotBeSplitIsRefusedWithItsPlace() {
        assertRefused(() -> new FoldSplit(5, 0, 0).random(4, 1), "/split/k_fold", "4 rows");
        assertRefused(
                () -> new FoldSplit(3, 0, 0).stratified(new int[] {0, 1, 2, 0, 1, 2}, 1),
                "/split/k_fold",
                "no class of the target has 3 rows");
        assertRefused(
                () -> new FoldSplit(2, 0, 0.1).random(4, 1), "/split/test", "not one row to test");
        assertRefused(
                () -> GroupSplit.of(new int[] {0, 0, 1, 1, 0}, new Held(0.2, 0.2), 1),
                "/split/group",
                "2 groups");
        assertRefused(
                () -> TimeSplit.of(new long[] {3, 3, 3, 3}, new Held(0.25, 0)),
                "/split/time",
                "1 different times");
        assertRefused(
                () -> TimeSplit.of(new long[] {1, 1, 2, 2}, new Held(0.25, 0.25)),
                "/split/time",
                "2 different times");
        assertRefused(
                () -> RowSplit.random(10, new Held(0.55, 0.43), 1),
                "/split/validation",
                "none to train on");
    }

    private static void assertRefused(ThrowingCallable split, String pointer, String words) {
        assertThatThrownBy(split)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem ->
                                assertThat(problem.violations().getFirst().pointer())
                                        .isEqualTo(pointer))
                .hasMessageContaining(words);
    }
}
