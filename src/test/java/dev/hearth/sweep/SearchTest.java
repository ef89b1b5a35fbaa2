package dev.hearth.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Which trials a sweep has; what chance decides is compared with PyTorch's own draws. */
class SearchTest {

    @Test
    void aGridHasEveryCombinationAndTheLastParameterChangesFastest() throws Exception {
        var grid = Search.grid(List.of(choices("/a", 1, 2), choices("/b", 3, 4, 5)));

        assertThat(grid.stream().map(Combination::json))
                .containsExactly(
                        "{\"/a\":1,\"/b\":3}",
                        "{\"/a\":1,\"/b\":4}",
                        "{\"/a\":1,\"/b\":5}",
                        "{\"/a\":2,\"/b\":3}",
                        "{\"/a\":2,\"/b\":4}",
                        "{\"/a\":2,\"/b\":5}");
    }

    @Test
    void aGridThatIsTooLargeIsCountedAndNotMade() {
        var hundred = IntStream.range(0, 100).toArray();
        var ten = List.of(choices("/a", hundred), choices("/b", hundred));
        var more = IntStream.range(0, 40).mapToObj(i -> choices("/" + i, hundred)).toList();

        assertThatThrownBy(() -> Search.grid(ten)).hasMessageContaining("10,000 combinations");
        assertThatThrownBy(() -> Search.grid(more)).hasMessageContaining("more than 2⁶³");
    }

    @Test
    void drawsAreThoseOfPyTorch() throws Exception {
        var parameters =
                List.of(
                        parameter("/log", new Domain.Reals(1e-4, 0.1, true)),
                        parameter("/linear", new Domain.Reals(-1, 2.5, false)),
                        parameter("/int", new Domain.Integers(4, 64, false)),
                        parameter("/log_int", new Domain.Integers(4, 64, true)),
                        choices("/choice", 8, 16, 32));
        for (var seed : oracle().get("seeds").properties()) {
            var drawn = Search.random(parameters, 20, new Draws(Long.parseLong(seed.getKey())));

            for (int trial = 0; trial < 20; trial++) {
                JsonNode expected = seed.getValue().get(trial);
                for (var value : drawn.get(trial).values().entrySet()) {
                    // exp and log of the JDK and of C differ in the last digit.
                    assertThat(value.getValue().doubleValue())
                            .as("seed %s, trial %d, %s", seed.getKey(), trial, value.getKey())
                            .isCloseTo(
                                    expected.get(value.getKey().substring(1)).doubleValue(),
                                    within(1e-14));
                }
            }
        }
    }

    @Test
    void noCombinationIsDrawnTwice() throws Exception {
        var parameters = List.of(choices("/a", 1, 2, 3), choices("/b", 1, 2));

        assertThat(Search.random(parameters, 6, new Draws(3)))
                .doesNotHaveDuplicates()
                .hasSize(6)
                .containsExactlyInAnyOrderElementsOf(Search.grid(parameters));
        assertThatThrownBy(() -> Search.random(parameters, 7, new Draws(3)))
                .hasMessageContaining("only 6 combinations");
    }

    @Test
    void aRangeWithFewerNumbersThanTrialsEndsTheSearch() {
        var narrow = parameter("/a", new Domain.Reals(1, Math.nextUp(1.0), false));

        assertThatThrownBy(() -> Search.random(List.of(narrow), 3, new Draws(0)))
                .hasMessageContaining("widen the ranges");
    }

    @Test
    void drawsStayWithinTheirRange() {
        double most = Math.nextDown(1.0);
        assertThat(new Domain.Integers(1, 3, false).at(most).longValue()).isEqualTo(3);
        assertThat(new Domain.Integers(1, 3, true).at(most).longValue()).isEqualTo(3);
        assertThat(new Domain.Integers(1, 3, true).at(0).longValue()).isEqualTo(1);
        assertThat(new Domain.Reals(1e-5, 1e-1, true).at(most).doubleValue())
                .isLessThanOrEqualTo(1e-1);
        assertThat(new Domain.Reals(1e-5, 1e-1, true).at(0).doubleValue())
                .isGreaterThanOrEqualTo(1e-5);
    }

    @Test
    void rungsRiseByTheFactorUpToTheMost() {
        assertThat(Halving.of(1, 27, 3).epochs()).containsExactly(1, 3, 9, 27);
        assertThat(Halving.of(2, 20, 3).epochs()).containsExactly(2, 6, 18, 20);
        assertThat(Halving.of(1, 1_000_000, 100).epochs())
                .containsExactly(1, 100, 10_000, 1_000_000);
        assertThat(Halving.of(1, 9, 3).survivors(10)).isEqualTo(4);
        assertThat(Halving.of(1, 9, 3).survivors(1)).isEqualTo(1);
    }

    @Test
    void deviationsAreThoseOfAllFoldsAsPopulation() throws IOException {
        var oracle = oracle().get("spread");
        var values = oracle.get("values").valueStream().map(JsonNode::doubleValue).toList();

        var spread = CrossValidationView.Spread.of(values);

        assertThat(spread.mean()).isEqualTo(oracle.get("mean").doubleValue(), within(1e-15));
        assertThat(spread.std()).isEqualTo(oracle.get("std").doubleValue(), within(1e-15));
    }

    private static Parameter choices(String name, int... values) {
        return parameter(
                name,
                new Domain.Choices(
                        IntStream.of(values)
                                .mapToObj(value ->
                                        (JsonNode) JsonNodeFactory.instance.numberNode(value))
                                .toList()));
    }

    private static Parameter parameter(String name, Domain domain) {
        return new Parameter(JsonPointer.compile(name), domain);
    }

    private static JsonNode oracle() throws IOException {
        try (var in = SearchTest.class.getResourceAsStream("/sweep/draws.json")) {
            return JsonMapper.shared().readTree(in);
        }
    }
}
