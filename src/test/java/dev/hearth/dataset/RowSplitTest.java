package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RowSplitTest {

    /** Made by src/test/oracle/permutations.py. */
    @Test
    void thePermutationIsThatOfPyTorchForEverySeed() throws IOException {
        String oracle;
        try (var in = RowSplitTest.class.getResourceAsStream("/oracle/permutations.txt")) {
            oracle = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(oracle.lines()).hasSize(70);
        oracle.lines()
                .forEach(line -> {
                    var fields = line.split(" ", -1);
                    var order =
                            TorchPermutation.of(
                                    Integer.parseInt(fields[0]), Long.parseLong(fields[1]));
                    var first =
                            Arrays.stream(order)
                                    .limit(20)
                                    .mapToObj(Integer::toString)
                                    .collect(Collectors.joining(","));
                    assertThat(first.isEmpty() ? "-" : first).as(line).isEqualTo(fields[2]);
                    long digest = 0;
                    for (var i = 0; i < order.length; i++) {
                        digest += (i + 1L) * order[i];
                    }
                    assertThat(digest).as(line).isEqualTo(Long.parseLong(fields[3]));
                });
    }

    @Test
    void aRandomSplitHoldsOutTheFirstRowsOfThePermutation() {
        var order = TorchPermutation.of(150, 42);

        var split = RowSplit.random(150, new Held(0.2, 0), 42);

        assertThat(split.validation())
                .isEqualTo(Arrays.stream(order).limit(30).sorted().asLongStream().toArray());
        assertThat(split.training()).hasSize(120).isSorted();
        assertThat(
                        LongStream.concat(
                                        Arrays.stream(split.training()),
                                        Arrays.stream(split.validation()))
                                .sorted())
                .containsExactlyElementsOf(LongStream.range(0, 150).boxed().toList());
    }

    @Test
    void halfARowIsRoundedUp() {
        assertThat(RowSplit.random(10, new Held(0.25, 0), 0).validation()).hasSize(3);
        assertThat(RowSplit.random(10, new Held(0.24, 0), 0).validation()).hasSize(2);
    }

    @Test
    void aFractionOfZeroHoldsOutNothing() {
        assertThat(RowSplit.random(3, new Held(0, 0), 1).validation()).isEmpty();
        assertThat(RowSplit.random(3, new Held(0, 0), 1).training()).containsExactly(0, 1, 2);
        assertThat(RowSplit.stratified(new int[] {0, 1, 0}, new Held(0, 0), 1).validation())
                .isEmpty();
    }

    @Test
    void aStratifiedSplitKeepsTheProportions() {
        var classes = new int[150];
        for (var i = 0; i < 150; i++) {
            classes[i] = i / 50;
        }

        var split = RowSplit.stratified(classes, new Held(0.2, 0), 42);

        for (var c = 0; c < 3; c++) {
            var wanted = c;
            assertThat(
                            Arrays.stream(split.validation())
                                    .filter(row -> classes[(int) row] == wanted))
                    .hasSize(10);
        }
        // In each class, those that come first in the permutation.
        var firstOfClass0 =
                Arrays.stream(TorchPermutation.of(150, 42))
                        .filter(row -> classes[row] == 0)
                        .limit(10)
                        .sorted()
                        .asLongStream()
                        .toArray();
        assertThat(Arrays.stream(split.validation()).filter(row -> row < 50).toArray())
                .isEqualTo(firstOfClass0);
    }

    @Test
    void theLargestRemaindersGetTheRowsThatAreLeft() {
        // Sizes 6, 3, 1: shares 1.8, 0.9, 0.3 of 3 rows.
        var split =
                RowSplit.stratified(new int[] {0, 0, 0, 0, 0, 0, 1, 1, 1, 2}, new Held(0.3, 0), 7);

        assertThat(Arrays.stream(split.validation()).filter(row -> row < 6)).hasSize(2);
        assertThat(Arrays.stream(split.validation()).filter(row -> row >= 6 && row < 9)).hasSize(1);
        assertThat(split.training()).contains(9);
    }

    @Test
    void everyClassKeepsARowToTrainOn() {
        var split = RowSplit.stratified(new int[] {0, 1, 2, 3, 3, 3, 3, 3}, new Held(0.5, 0), 3);

        assertThat(split.training()).contains(0, 1, 2).hasSize(4);
        assertThatRefused(
                () -> RowSplit.stratified(new int[] {0, 1}, new Held(0.5, 0), 0), "stratify");
    }

    @Test
    void splitsThatLeaveNothingAreRefused() {
        assertThatRefused(() -> RowSplit.random(3, new Held(0.9, 0), 0), "none to train on");
        assertThatRefused(() -> RowSplit.random(3, new Held(0.1, 0), 0), "not one row to validate");
        assertThatRefused(() -> RowSplit.random(0, new Held(0.1, 0), 0), "no rows");
        assertThatRefused(() -> RowSplit.random(3, new Held(1, 0), 0), "below 1");
        assertThatRefused(() -> RowSplit.random(3, new Held(Double.NaN, 0), 0), "below 1");
    }

    private static void assertThatRefused(Runnable split, String words) {
        assertThatThrownBy(split::run)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> {
                            assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_SPECIFICATION);
                            assertThat(problem.violations().getFirst().pointer())
                                    .isEqualTo("/split/validation");
                        })
                .hasMessageContaining(words);
    }
}
